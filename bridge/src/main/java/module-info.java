import org.jspecify.annotations.NullMarked;

/// What runs the app, such as Python interpreters inside the JVM, and the hand-over of requests to
/// it.
@NullMarked
module io.spvn.bridge {
    requires static transitive org.jspecify;
    requires jdk.unsupported;
    requires org.ninia.jep;

    exports io.spvn.bridge.asgi;
    exports io.spvn.bridge.embedded;
    exports io.spvn.bridge.exchange;
    exports io.spvn.bridge.foreign;
    exports io.spvn.bridge.process;
    exports io.spvn.bridge.trial;
    exports io.spvn.bridge.worker;
}
