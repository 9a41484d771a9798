// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.ProtectionDomain;
import java.util.Arrays;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/// Lets the wall clock of a JVM be wrong: a Java agent that corrects, in all classes, the JDK's and
/// every library's included, what the two native methods answer that wall time comes from.
/// `Instant.now()`, `Clock`, `Date` and `System.currentTimeMillis()` follow; `System.nanoTime()`
/// and waiting do not, as on a machine whose clock is set.
///
/// Refused: a hook in the product, because a time that the product does not ask its own clock for
/// would stay right; a shim below the C library, because it takes a compiler; time namespaces,
/// because they have no wall clock. Not reached: native code, and the bare method reference
/// `System::currentTimeMillis`.
public final class ClockAgent implements ClassFileTransformer {

    private static final ClassDesc SHIFTED = ClassDesc.of("dev.fakta.chaos.ShiftedTime");
    private static final MethodTypeDesc FROM_LONG_TO_LONG =
            MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_long);
    private static final byte[] MILLIS = "currentTimeMillis".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NANOS = "getNanoTimeAdjustment".getBytes(StandardCharsets.US_ASCII);

    private ClockAgent() {}

    /// Called by the JVM before `main`.
    ///
    /// @param arguments the jar of this agent, `=`, and the file with the shift; see [NodeClock]
    public static void premain(String arguments, Instrumentation instrumentation)
            throws IOException, UnmodifiableClassException {
        String[] files = arguments.split("=", 2);
        instrumentation.appendToBootstrapClassLoaderSearch(new JarFile(files[0]));
        try (FileChannel file = FileChannel.open(Path.of(files[1]), StandardOpenOption.READ)) {
            ShiftedTime.follow(
                    file.map(MapMode.READ_ONLY, 0, Long.BYTES).order(ByteOrder.nativeOrder()));
        }
        instrumentation.addTransformer(new ClockAgent(), true);
        instrumentation.retransformClasses(
                Arrays.stream(instrumentation.getAllLoadedClasses())
                        .filter(instrumentation::isModifiableClass)
                        .toArray(Class<?>[]::new));
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            @Nullable String name,
            @Nullable Class<?> loaded,
            @Nullable ProtectionDomain domain,
            byte[] bytes) {
        if (!contains(bytes, MILLIS) && !contains(bytes, NANOS)) {
            return null;
        }
        try {
            ClassFile files = ClassFile.of(ClassHierarchyResolverOption.of(resolver(loader)));
            return files.transformClass(
                    files.parse(bytes), ClassTransform.transformingMethodBodies(ClockAgent::shift));
        } catch (RuntimeException | LinkageError e) {
            System.err.println("the clock cannot be shifted in " + name + ": " + e);
            return null;
        }
    }

    private static ClassHierarchyResolver resolver(@Nullable ClassLoader loader) {
        ClassHierarchyResolver standard = ClassHierarchyResolver.defaultResolver();
        return loader == null
                ? standard
                : ClassHierarchyResolver.ofResourceParsing(loader).orElse(standard);
    }

    private static void shift(CodeBuilder code, CodeElement element) {
        code.with(element);
        if (element instanceof InvokeInstruction call) {
            String method = call.owner().asInternalName() + "." + call.name().stringValue();
            switch (method) {
                case "java/lang/System.currentTimeMillis" ->
                        code.invokestatic(SHIFTED, "millis", FROM_LONG_TO_LONG);
                case "jdk/internal/misc/VM.getNanoTimeAdjustment" ->
                        code.invokestatic(SHIFTED, "nanos", FROM_LONG_TO_LONG);
                default -> {} // some other call
            }
        }
    }

    private static boolean contains(byte[] bytes, byte[] text) {
        for (int i = 0; i <= bytes.length - text.length; i++) {
            if (bytes[i] == text[0]
                    && Arrays.equals(bytes, i, i + text.length, text, 0, text.length)) {
                return true;
            }
        }
        return false;
    }
}
