// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway.webhooks;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Which receivers may be called. Whoever may subscribe names an address that this server calls
/// from where it stands, behind whatever keeps strangers out; so by default it calls public
/// addresses only, and over TLS only.
///
/// What is checked are the addresses that the name has at the moment of the call, and the
/// connection goes to one of these: there is no second look-up that could answer something else.
///
/// @param reach what may be called
/// @param names looks names up
public record ReceiverAddresses(Reach reach, Names names) {

    private static final int LONGEST = 2_000;
    private static final int MOST_PORT = 65_535;

    /// Public addresses are those of the unicast range 2000::/3 and, of IPv4, all but these. The
    /// ranges are those of the IANA registries of special-purpose addresses (RFC 6890).
    private static final List<Range> SPECIAL =
            List.of(
                    Range.of(8, 0), // this network
                    Range.of(8, 10),
                    Range.of(10, 100, 64), // behind a provider's NAT
                    Range.of(8, 127),
                    Range.of(16, 169, 254),
                    Range.of(12, 172, 16),
                    Range.of(24, 192, 0, 0),
                    Range.of(24, 192, 0, 2), // documentation
                    Range.of(24, 192, 88, 99), // relays to IPv6
                    Range.of(16, 192, 168),
                    Range.of(15, 198, 18), // measurements
                    Range.of(24, 198, 51, 100),
                    Range.of(24, 203, 0, 113),
                    Range.of(3, 224)); // multicast, reserved, broadcast

    private static final Range UNICAST = Range.of(3, 0x20);
    private static final List<Range> SPECIAL_UNICAST =
            List.of(
                    Range.of(
                            23, 0x20, 0x01,
                            0x00), // protocols, as Teredo, which hold an IPv4 address
                    Range.of(32, 0x20, 0x01, 0x0d, 0xb8),
                    Range.of(16, 0x20, 0x02), // 6to4, which holds an IPv4 address
                    Range.of(20, 0x3f, 0xff, 0x00));

    /// What may be called.
    public enum Reach {
        /// Public addresses, over TLS.
        PUBLIC,
        /// Any address, also without TLS: in a network that is one's own, and in tests.
        ANY
    }

    /// Looks a name up.
    @FunctionalInterface
    public interface Names {
        /// All addresses of a host.
        ///
        /// @throws UnknownHostException when it has none
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /// The addresses with the same first bits.
    private record Range(int bits, List<Integer> first) {

        static Range of(int bits, Integer... first) {
            return new Range(bits, List.of(first));
        }

        boolean has(byte[] address) {
            for (int bit = 0; bit < bits; bit++) {
                int at = bit / 8;
                int mask = 0x80 >> bit % 8;
                int wanted = at < first.size() ? first.get(at) : 0;
                if ((address[at] & mask) != (wanted & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    /// A receiver that must not be called.
    public static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    /// With the names that the machine knows.
    public static ReceiverAddresses within(Reach reach) {
        return new ReceiverAddresses(reach, InetAddress::getAllByName);
    }

    /// What is wrong with an URL whatever its host's addresses are; empty when nothing is.
    public Optional<String> fault(String text) {
        if (text.length() > LONGEST) {
            return Optional.of("at most %d characters".formatted(LONGEST));
        }
        URI url;
        try {
            url = URI.create(text);
        } catch (IllegalArgumentException _) {
            return Optional.of("an URL, as in https://example.org/events");
        }
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        boolean isPlain = scheme.equals("http");
        if (!isPlain && !scheme.equals("https")) {
            return Optional.of("an URL of https, as in https://example.org/events");
        }
        if (isPlain && reach == Reach.PUBLIC) {
            return Optional.of("of https, since it is sent over networks of others");
        }
        if (url.getHost() == null || url.getPort() == 0 || url.getPort() > MOST_PORT) {
            return Optional.of("names a host, and its port between 1 and 65535");
        }
        return url.getRawUserInfo() != null || url.getRawFragment() != null
                ? Optional.of("without credentials and without a fragment")
                : Optional.empty();
    }

    /// The addresses of a host, all of which may be called.
    ///
    /// @param host as an URL has it
    /// @throws Refused when one of them may not
    /// @throws UnknownHostException when it has none
    public List<InetAddress> of(String host) throws Refused, UnknownHostException {
        String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        List<InetAddress> found = List.of(names.addresses(name));
        if (found.isEmpty()) {
            throw new UnknownHostException(host);
        }
        for (InetAddress one : found) {
            if (reach == Reach.PUBLIC && !isPublic(one)) {
                // without the address: a subscriber is not told about this network
                throw new Refused("the host has an address that is not public");
            }
        }
        return found;
    }

    /// Whether strangers reach the address, as far as its number says.
    public static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address
                ? SPECIAL.stream().noneMatch(range -> range.has(bytes))
                : UNICAST.has(bytes)
                        && SPECIAL_UNICAST.stream().noneMatch(range -> range.has(bytes));
    }
}
