// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.runtime.PrivateKeys;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// The files that a gateway proves its name with, and encrypts: both in PEM, as Let's Encrypt,
/// cert-manager or a Kubernetes secret bring them.
///
/// @param certificate the gateway's, and behind it those of who has issued it, without the root
/// @param key the certificate's private key, not encrypted: RSA, or EC or Ed25519 in PKCS #8. Its
///   owner and the owner's group alone may read it
/// @param lookEvery how often the files are looked at for a renewal
public record HttpsFiles(Path certificate, Path key, Duration lookEvery) {

    private static final Duration LOOK_EVERY = Duration.ofSeconds(10);
    private static final char[] IN_MEMORY = new char[0];

    /// How long a client may go on with what it agreed on with an earlier connection.
    private static final int SESSION_SECONDS = 3_600;

    /// Files that are looked at every ten seconds.
    public static HttpsFiles of(Path certificate, Path key) {
        return new HttpsFiles(certificate, key, LOOK_EVERY);
    }

    /// What the files hold, of which nothing is known yet.
    @SuppressWarnings("ArrayRecordComponent") // compared by isSame
    record Content(byte[] certificates, byte[] secret) {

        boolean isSame(Content other) {
            return Arrays.equals(certificates, other.certificates)
                    && Arrays.equals(secret, other.secret);
        }
    }

    /// A certificate and its key that can be used.
    record Pair(SSLContext context, Instant expires) {}

    /// Reads both.
    ///
    /// @throws IllegalStateException with the reason when one is not there, or others can read the
    ///   key
    Content read() {
        try {
            byte[] certificates = Files.readAllBytes(certificate);
            byte[] secret = new SecretFile(key, "key").readMounted();
            return new Content(certificates, secret);
        } catch (NoSuchFileException _) {
            throw unusable("--tls-certificate", "there is no file " + certificate);
        } catch (IOException e) {
            throw unusable("--tls-certificate", "cannot be read: " + e);
        } catch (IllegalArgumentException e) {
            throw unusable("--tls-key", String.valueOf(e.getMessage()));
        }
    }

    /// What both are together.
    ///
    /// @throws IllegalStateException with the reason when they are damaged, do not belong together,
    ///   or are not of today
    Pair pair(Content content) {
        X509Certificate[] chain = chain(content);
        PrivateKey secret = secret(content);
        if (!isPair(chain[0], secret)) {
            throw unusable("--tls-key", "%s is not the key of %s".formatted(key, certificate));
        }
        try {
            return new Pair(context(chain, secret), chain[0].getNotAfter().toInstant());
        } catch (KeyStoreException _) {
            throw unusable(
                    "--tls-certificate",
                    "the certificates in %s are not each issued by the next one"
                            .formatted(certificate));
        } catch (GeneralSecurityException | IOException e) {
            throw unusable("--tls-certificate", "%s cannot be used: %s".formatted(certificate, e));
        }
    }

    private X509Certificate[] chain(Content content) {
        try {
            Collection<? extends Certificate> all =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(content.certificates));
            X509Certificate[] chain = all.toArray(X509Certificate[]::new);
            if (chain.length == 0) {
                throw unusable(
                        "--tls-certificate", certificate + " has no certificate in PEM in it");
            }
            chain[0].checkValidity();
            return chain;
        } catch (CertificateException e) {
            throw unusable(
                    "--tls-certificate",
                    "%s is no certificate that is valid today: %s"
                            .formatted(certificate, e.getMessage()));
        }
    }

    private PrivateKey secret(Content content) {
        try {
            return PrivateKeys.ofPem(new String(content.secret, StandardCharsets.ISO_8859_1));
        } catch (GeneralSecurityException _) { // may quote the file
            throw unusable(
                    "--tls-key",
                    key + " is no RSA, EC or Ed25519 key in PEM (PKCS #8, not encrypted)");
        }
    }

    private static boolean isPair(X509Certificate certificate, PrivateKey key) {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> "EdDSA";
                };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            return signature.verify(signed);
        } catch (GeneralSecurityException _) { // of another kind
            return false;
        }
    }

    private static SSLContext context(X509Certificate[] chain, PrivateKey key)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, IN_MEMORY);
        store.setKeyEntry("gateway", key, IN_MEMORY, chain);
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, IN_MEMORY);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        context.getServerSessionContext().setSessionTimeout(SESSION_SECONDS);
        return context;
    }

    private static IllegalStateException unusable(String option, String reason) {
        return new IllegalStateException(option + ": " + reason);
    }
}
