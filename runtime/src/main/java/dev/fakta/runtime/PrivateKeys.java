// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.runtime.cluster.PemKey;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;

/// Reads private keys, such as servers have for their certificates.
public final class PrivateKeys {

    private PrivateKeys() {}

    /// Reads a key in PEM: RSA, or, in PKCS #8, one of an elliptic curve or Ed25519.
    ///
    /// @param pem the text of the file
    /// @throws GeneralSecurityException when it is none; its message quotes nothing of the file
    public static PrivateKey ofPem(String pem) throws GeneralSecurityException {
        return PemKey.ofAnyKind(pem);
    }
}
