// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import org.apache.pekko.pki.pem.DERPrivateKeyLoader;
import org.apache.pekko.pki.pem.PEMDecoder;
import org.apache.pekko.pki.pem.PEMLoadingException;

/// Reads private keys in PEM.
public final class PemKey {

    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private PemKey() {}

    /// Reads a key of any kind that certificates for servers have: RSA, elliptic curves, Ed25519.
    /// All but RSA in PKCS #8.
    ///
    /// @param pem the text of the file
    /// @throws GeneralSecurityException when it is none; its message quotes nothing of the file
    public static PrivateKey ofAnyKind(String pem) throws GeneralSecurityException {
        PEMDecoder.DERData content;
        try {
            content = PEMDecoder.decode(pem);
        } catch (PEMLoadingException _) { // may quote the file
            throw new InvalidKeyException("no private key in PEM");
        }
        if (!content.label().equals("PRIVATE KEY")) {
            return of(pem);
        }
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm)
                        .generatePrivate(new PKCS8EncodedKeySpec(content.bytes()));
            } catch (InvalidKeySpecException _) { // of another kind, or damaged
            }
        }
        throw new InvalidKeyException("neither RSA nor EC nor Ed25519, or damaged");
    }

    /// Reads an RSA key, as Pekko reads it.
    ///
    /// @param pem the text of the file
    /// @throws GeneralSecurityException when it is none; its message quotes nothing of the file
    public static PrivateKey of(String pem) throws GeneralSecurityException {
        try {
            return DERPrivateKeyLoader.load(PEMDecoder.decode(pem));
        } catch (PEMLoadingException _) { // may quote the file
            throw new InvalidKeyException("no RSA key in PEM");
        } catch (RuntimeException _) { // of a key that is cut off: what Pekko's parser fell over
            throw new InvalidKeyException("damaged");
        }
    }
}
