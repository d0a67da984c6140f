import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/// Prints a line `FILE<TAB>CLASS.METHOD<TAB>LINES` for each method with a body in the given Java files, as
/// the compiler reads them. Run as a source file: `java JavaSizes.java FILE...`.
class JavaSizes {
    static void main(String[] files) throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var manager = compiler.getStandardFileManager(null, null, null);
        var sources = manager.getJavaFileObjectsFromPaths(Stream.of(files).map(Path::of).toList());
        var task = (JavacTask) compiler.getTask(null, manager, null, List.of(), null, sources);
        var positions = Trees.instance(task).getSourcePositions();
        for (CompilationUnitTree unit : task.parse()) {
            new Methods(unit, positions).scan(unit, "");
        }
    }

    /// Goes through a file, and knows the class that it is in.
    private static final class Methods extends TreeScanner<Void, String> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;

        Methods(CompilationUnitTree unit, SourcePositions positions) {
            this.unit = unit;
            this.positions = positions;
        }

        @Override
        public Void visitClass(ClassTree tree, String outer) {
            var name = tree.getSimpleName().toString();
            return super.visitClass(tree, name.isEmpty() ? outer : name);
        }

        @Override
        public Void visitMethod(MethodTree method, String owner) {
            if (method.getBody() != null) {
                var name = method.getName().contentEquals("<init>") ? "new" : method.getName();
                IO.println(
                        "%s\t%s.%s\t%d"
                                .formatted(unit.getSourceFile().getName(), owner, name, lines(method)));
            }
            return super.visitMethod(method, owner);
        }

        /// From its first annotation or modifier to its closing brace.
        private long lines(MethodTree method) {
            var lines = unit.getLineMap();
            return lines.getLineNumber(positions.getEndPosition(unit, method) - 1)
                    - lines.getLineNumber(positions.getStartPosition(unit, method))
                    + 1;
        }
    }
}
