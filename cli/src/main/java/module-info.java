import org.jspecify.annotations.NullMarked;

/// The command line.
@NullMarked
module io.spvn.cli {
    requires static org.jspecify;
    requires info.picocli;
    requires io.spvn.loadtest;
    requires io.spvn.server;
    requires java.logging;
    requires org.tomlj;

    opens io.spvn.cli to
            info.picocli;
}
