// SPDX-License-Identifier: Apache-2.0
package dev.fakta.tidy;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import javax.lang.model.element.Modifier;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// What the compiler's parser sees in a file: types and methods, with their lines.
record JavaSource(List<Type> types, List<Method> methods) {

    record Type(String name, int line, boolean isPublic, boolean isTopLevel) {}

    record Method(String name, int line, int lines) {}

    /// Several rules look at the same file; to parse it is what takes time.
    private static final Map<TextFile, JavaSource> PARSED = new ConcurrentHashMap<>();

    static JavaSource parse(TextFile file) {
        JavaSource parsed = PARSED.get(file);
        if (parsed == null) {
            parseAll(List.of(file));
            parsed = Objects.requireNonNull(PARSED.get(file));
        }
        return parsed;
    }

    /// Parses files with one compiler: to make one for each takes longer than to parse it.
    static void parseAll(List<TextFile> files) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var options = List.of("-proc:none");
        Map<URI, InMemory> sources = new LinkedHashMap<>();
        files.stream().map(InMemory::new).forEach(source -> sources.put(source.toUri(), source));
        var task =
                (JavacTask) compiler.getTask(null, null, _ -> {}, options, null, sources.values());
        try {
            for (CompilationUnitTree unit : task.parse()) {
                var scan = new Scan(unit, Trees.instance(task).getSourcePositions());
                scan.scan(unit, null);
                InMemory source = Objects.requireNonNull(sources.get(unit.getSourceFile().toUri()));
                PARSED.put(source.file, new JavaSource(scan.types, scan.methods));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static final class Scan extends TreePathScanner<@Nullable Void, @Nullable Void> {

        final List<Type> types = new ArrayList<>();
        final List<Method> methods = new ArrayList<>();
        private final CompilationUnitTree unit;
        private final SourcePositions positions;

        Scan(CompilationUnitTree unit, SourcePositions positions) {
            this.unit = unit;
            this.positions = positions;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
            String name = type.getSimpleName().toString();
            if (!name.isEmpty()) { // an anonymous class has no name
                boolean isPublic = type.getModifiers().getFlags().contains(Modifier.PUBLIC);
                boolean isTopLevel =
                        getCurrentPath().getParentPath().getLeaf() instanceof CompilationUnitTree;
                types.add(new Type(name, firstLine(type), isPublic, isTopLevel));
            }
            return super.visitClass(type, null);
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
            int first = firstLine(method);
            int last = line(positions.getEndPosition(unit, method));
            methods.add(new Method(method.getName().toString(), first, last - first + 1));
            return super.visitMethod(method, null);
        }

        private int firstLine(com.sun.source.tree.Tree tree) {
            return line(positions.getStartPosition(unit, tree));
        }

        private int line(long position) {
            return (int) unit.getLineMap().getLineNumber(position);
        }
    }

    private static final class InMemory extends SimpleJavaFileObject {

        private final TextFile file;

        InMemory(TextFile file) {
            super(URI.create("memory:///" + file.path()), Kind.SOURCE);
            this.file = file;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return file.text();
        }
    }
}
