// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.runtime.cluster.PemKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How the nodes of a cluster prove to each other who they are, and encrypt what they say: files in
/// PEM, as a Kubernetes secret or cert-manager brings them. Both sides of a connection show a
/// certificate; it must be issued by the authority itself, and share a name (common name or DNS
/// name) with the certificate of the other side. The files are read again every five minutes:
/// renewed ones need no restart.
///
/// @param certificate of this node
/// @param key the private key of the certificate: RSA, PKCS #1 or PKCS #8, not encrypted
/// @param authority the certificate of who issues the certificates of all nodes, and no others
/// @param readAgain how long after they were read the files are read again
public record ClusterTls(Path certificate, Path key, Path authority, Duration readAgain) {

    private static final Duration READ_AGAIN = Duration.ofMinutes(5);

    private static final String PROVIDER =
            "org.apache.pekko.remote.artery.tcp.ssl.RotatingKeysSSLEngineProvider";

    /// Files that are read again every five minutes.
    public static ClusterTls of(Path certificate, Path key, Path authority) {
        return new ClusterTls(certificate, key, authority, READ_AGAIN);
    }

    /// What is wrong with the files, by the names of the options.
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        X509Certificate own = certificate("cluster-tls-certificate", certificate, problems);
        X509Certificate issuer = certificate("cluster-tls-authority", authority, problems);
        PrivateKey secret = key(problems);
        if (own != null && issuer != null && !isIssued(own, issuer)) {
            problems.add(
                    "cluster-tls-certificate: %s is not issued by %s"
                            .formatted(certificate, authority));
        }
        if (own != null && secret != null && !isPair(own, secret)) {
            problems.add("cluster-tls-key: %s is not the key of %s".formatted(key, certificate));
        }
        return problems;
    }

    private static @Nullable X509Certificate certificate(
            String option, Path file, List<String> problems) {
        try {
            X509Certificate found = read(file);
            found.checkValidity();
            return found;
        } catch (NoSuchFileException _) {
            problems.add("%s: there is no file %s".formatted(option, file));
        } catch (IOException e) {
            problems.add("%s: %s cannot be read: %s".formatted(option, file, e.getMessage()));
        } catch (CertificateException e) {
            problems.add(
                    "%s: %s is no certificate that is valid today: %s"
                            .formatted(option, file, e.getMessage()));
        }
        return null;
    }

    private @Nullable PrivateKey key(List<String> problems) {
        try {
            return readKey();
        } catch (NoSuchFileException _) {
            problems.add("cluster-tls-key: there is no file " + key);
        } catch (IOException e) {
            problems.add("cluster-tls-key: %s cannot be read: %s".formatted(key, e.getMessage()));
        } catch (GeneralSecurityException _) { // may quote the file
            problems.add("cluster-tls-key: %s is no RSA key in PEM".formatted(key));
        }
        return null;
    }

    public X509Certificate readCertificate() throws IOException, CertificateException {
        return read(certificate);
    }

    public X509Certificate readAuthority() throws IOException, CertificateException {
        return read(authority);
    }

    private static X509Certificate read(Path file) throws IOException, CertificateException {
        try (InputStream in = Files.newInputStream(file)) {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    public PrivateKey readKey() throws IOException, GeneralSecurityException {
        return PemKey.of(Files.readString(key));
    }

    private static boolean isIssued(X509Certificate certificate, X509Certificate issuer) {
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    private static boolean isPair(X509Certificate certificate, PrivateKey key) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            byte[] signed = signature.sign();
            signature.initVerify(certificate);
            return signature.verify(signed);
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    /// For the transport between nodes.
    public Map<String, Object> config() {
        String engine = "pekko.remote.artery.ssl.rotating-keys-engine.";
        return Map.of(
                "pekko.remote.artery.transport",
                "tls-tcp",
                "pekko.remote.artery.ssl.ssl-engine-provider",
                PROVIDER,
                engine + "cert-file",
                certificate.toAbsolutePath().toString(),
                engine + "key-file",
                key.toAbsolutePath().toString(),
                engine + "ca-cert-file",
                authority.toAbsolutePath().toString(),
                engine + "ssl-context-cache-ttl",
                readAgain);
    }
}
