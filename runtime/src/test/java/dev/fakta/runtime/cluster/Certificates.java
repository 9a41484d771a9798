// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import dev.fakta.runtime.ClusterTls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// An authority and the certificates that it issues, made for one test by the JDK's own keytool.
///
/// @param directory where the files are
public record Certificates(Path directory) {

    /// The least that the JDK takes: to find a key that is safe takes a second of a processor.
    private static final String KEY_BITS = "1024";

    private static final char[] PASSWORD = "only-in-a-test".toCharArray();

    public static Certificates in(Path directory) {
        Certificates certificates = new Certificates(directory);
        certificates.keytool("ca", "-genkeypair", "-dname", "CN=ca", "-ext", "bc:c");
        certificates.writeCertificate("ca");
        return certificates;
    }

    Path authority() {
        return directory.resolve("ca.crt");
    }

    /// A certificate for this machine and its key, of a name of its own.
    public ClusterTls issue(String name, String... options) {
        try {
            Files.copy(directory.resolve("ca.p12"), directory.resolve(name + ".p12"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        List<String> issuing = new ArrayList<>(List.of("-genkeypair", "-signer", "ca"));
        issuing.addAll(List.of("-ext", "san=ip:127.0.0.1"));
        issuing.addAll(List.of(options));
        if (!issuing.contains("-dname")) {
            issuing.addAll(List.of("-dname", "CN=fakta"));
        }
        keytool(name, issuing.toArray(String[]::new));
        writeCertificate(name);
        Path key = directory.resolve(name + ".key");
        write(key, "PRIVATE KEY", key(name).getEncoded());
        return ClusterTls.of(directory.resolve(name + ".crt"), key, authority());
    }

    private String file(String name, String ending) {
        return directory.resolve(name + "." + ending).toString();
    }

    private void writeCertificate(String name) {
        try {
            Certificate own = store(name).getCertificate(name);
            write(directory.resolve(name + ".crt"), "CERTIFICATE", own.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    Key key(String name) {
        try {
            return store(name).getKey(name, PASSWORD);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /// With the name's key and its certificate, and no other key.
    public KeyStore store(String name) {
        try (InputStream in = Files.newInputStream(directory.resolve(name + ".p12"))) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD);
            if (!name.equals("ca")) {
                store.deleteEntry("ca");
            }
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    public char[] password() {
        return PASSWORD.clone();
    }

    private static void write(Path file, String kind, byte[] content) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        try {
            Files.writeString(
                    file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, body, kind));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void keytool(String name, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-alias", name, "-keystore", file(name, "p12")));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", new String(PASSWORD)));
        command.addAll(List.of("-keyalg", "RSA", "-keysize", KEY_BITS));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new AssertionError(said);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
