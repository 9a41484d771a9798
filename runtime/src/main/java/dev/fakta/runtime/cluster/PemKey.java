// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import org.apache.pekko.pki.pem.DERPrivateKeyLoader;
import org.apache.pekko.pki.pem.PEMDecoder;
import org.apache.pekko.pki.pem.PEMLoadingException;

/// Reads a private key as Pekko reads it.
public final class PemKey {

    private PemKey() {}

    /// Reads an RSA key.
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
