// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A certificate for this machine that nobody but itself has issued, and its key, made by the JDK's
/// own keytool.
///
/// @param pem the certificate
/// @param keyPem its key
/// @param itself as clients see it
record TestCertificate(String pem, String keyPem, X509Certificate itself) {

    private static final String PASSWORD = "only-in-a-test";

    /// One of an elliptic curve.
    static TestCertificate make(Path directory, String name, String... options) {
        return make(directory, name, List.of("-keyalg", "EC", "-groupname", "secp256r1"), options);
    }

    /// @param kind what keytool takes for the kind of its key
    static TestCertificate make(Path directory, String name, List<String> kind, String... options) {
        Path file = directory.resolve(name + ".p12");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-genkeypair"));
        command.addAll(List.of("-alias", name, "-dname", "CN=" + name));
        command.addAll(List.of("-ext", "san=ip:127.0.0.1,dns:localhost"));
        command.addAll(List.of("-keystore", file.toString(), "-storetype", "PKCS12"));
        command.addAll(List.of("-storepass", PASSWORD));
        command.addAll(kind);
        command.addAll(List.of(options));
        run(command);
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            X509Certificate itself = (X509Certificate) store.getCertificate(name);
            Key key = store.getKey(name, PASSWORD.toCharArray());
            return new TestCertificate(
                    pem("CERTIFICATE", itself.getEncoded()),
                    pem("PRIVATE KEY", key.getEncoded()),
                    itself);
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            byte[] said = process.getInputStream().readAllBytes();
            if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new AssertionError(new String(said, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static String pem(String kind, byte[] content) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, body, kind);
    }

    /// Writes both files, the key for its owner alone.
    void writeTo(HttpsFiles files) throws IOException {
        Files.writeString(files.certificate(), pem);
        if (!Files.exists(files.key())) {
            Files.createFile(
                    files.key(),
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(files.key(), keyPem);
    }

    /// Of a client that trusts these certificates only, and has met no server yet.
    static SSLContext trusting(TestCertificate... certificates) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        for (TestCertificate one : certificates) {
            trusted.setCertificateEntry(one.itself.getSubjectX500Principal().getName(), one.itself);
        }
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
