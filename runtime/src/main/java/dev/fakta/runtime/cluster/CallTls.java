// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import dev.fakta.runtime.ClusterTls;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/// The rules of [ClusterTls] for connections that Pekko does not make: both sides show a
/// certificate of the authority, and the two share a name. The files are read for each connection,
/// so that renewed ones count from the next on.
final class CallTls {

    private static final String PROTOCOL = "TLSv1.3";
    private static final int DNS_NAME = 2;
    private static final char[] IN_MEMORY = new char[0];

    private final SSLContext context;

    private CallTls(SSLContext context) {
        this.context = context;
    }

    static CallTls of(ClusterTls tls) throws IOException, GeneralSecurityException {
        KeyStore own = empty();
        own.setKeyEntry("own", tls.readKey(), IN_MEMORY, new Certificate[] {tls.readCertificate()});
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, IN_MEMORY);
        KeyStore trusted = empty();
        trusted.setCertificateEntry("authority", tls.readAuthority());
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance(PROTOCOL);
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), new SecureRandom());
        return new CallTls(context);
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, IN_MEMORY);
        return store;
    }

    SSLSocket client(Socket raw) throws IOException {
        SSLSocket socket = over(raw);
        socket.setUseClientMode(true);
        return socket;
    }

    SSLSocket server(Socket raw) throws IOException {
        SSLSocket socket = over(raw);
        socket.setUseClientMode(false);
        socket.setNeedClientAuth(true);
        return socket;
    }

    private SSLSocket over(Socket raw) throws IOException {
        SSLSocket socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(
                                        raw,
                                        raw.getInetAddress().getHostAddress(),
                                        raw.getPort(),
                                        true);
        socket.setEnabledProtocols(new String[] {PROTOCOL});
        return socket;
    }

    /// @throws CertificateException when the other side's certificate has no name of this one's
    static void requireSharedName(ClusterTls tls, SSLSession session)
            throws IOException, GeneralSecurityException {
        Certificate[] chain = session.getPeerCertificates();
        Set<String> theirs = names((X509Certificate) chain[0]);
        if (Collections.disjoint(names(tls.readCertificate()), theirs)) {
            throw new CertificateException("the other side's certificate is for " + theirs);
        }
    }

    /// The common name, and the DNS names.
    private static Set<String> names(X509Certificate certificate)
            throws CertificateParsingException {
        Set<String> names = new HashSet<>();
        try {
            for (Rdn part :
                    new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    names.add(String.valueOf(part.getValue()));
                }
            }
        } catch (InvalidNameException e) {
            throw new CertificateParsingException("its subject cannot be read", e);
        }
        Collection<List<?>> others = certificate.getSubjectAlternativeNames();
        if (others != null) {
            others.stream()
                    .filter(other -> other.getFirst().equals(DNS_NAME))
                    .forEach(other -> names.add(String.valueOf(other.get(1))));
        }
        return names;
    }
}
