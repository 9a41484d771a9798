// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Starts nodes in processes of their own.
final class NodeProcess {

    private static final List<String> JVM_OPTIONS =
            List.of(
                    "-Xmx512m",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow");

    private NodeProcess() {}

    /// @param main a class that hands its arguments to `Fakta.run`
    /// @param jvmOptions further ones
    /// @param folder for its files
    /// @param arguments of `run`, but for those that follow from the folder
    static ChildJvm start(
            Class<?> main, List<String> jvmOptions, Path folder, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(JVM_OPTIONS);
        options.addAll(jvmOptions);
        List<String> all = new ArrayList<>(List.of("--trusted", "--port", "0", "--notice", "0"));
        all.addAll(List.of("--data", folder.resolve("node").toString()));
        all.addAll(arguments);
        return ChildJvm.start(main, options, all);
    }
}
