// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fakta.gateway.webhooks.ReceiverAddresses.Reach;
import dev.fakta.gateway.webhooks.ReceiverAddresses.Refused;
import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiverAddressesTest {

    private static final ReceiverAddresses PUBLIC = ReceiverAddresses.within(Reach.PUBLIC);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.1",
                "2130706433",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.0.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "[::]",
                "[::1]",
                "[fe80::1]",
                "[fc00::1]",
                "[fdff::1]",
                "[ff02::1]",
                "[fec0::1]",
                "[::ffff:127.0.0.1]",
                "[::127.0.0.1]",
                "[64:ff9b::7f00:1]",
                "[64:ff9b:1::1]",
                "[100::1]",
                "[2001::1]",
                "[2001:db8::1]",
                "[2002:7f00:1::]",
                "[3fff::1]",
                "[5f00::1]",
                "[4000::1]"
            })
    void an_address_that_strangers_do_not_reach_is_refused(String host) {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> PUBLIC.of(host))
                .withMessageNotContaining(host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
                "126.255.255.255", "128.0.0.1", "169.253.255.255", "169.255.0.0", "172.15.255.255",
                "172.32.0.0", "192.0.1.1", "192.167.255.255", "192.169.0.0", "198.17.255.255",
                "198.20.0.0", "223.255.255.255", "[2606:4700::1]", "[2001:200::1]", "[2a00::1]"
            })
    void a_public_address_may_be_called(String host) throws Exception {
        assertThat(PUBLIC.of(host)).hasSize(1);
    }

    @Test
    void a_name_with_one_private_address_is_refused_whatever_its_others_are() {
        ReceiverAddresses addresses = named("1.1.1.1", "10.0.0.1");

        assertThatExceptionOfType(Refused.class).isThrownBy(() -> addresses.of("example.org"));
    }

    @Test
    void a_name_without_an_address_is_unknown() {
        assertThatExceptionOfType(UnknownHostException.class)
                .isThrownBy(() -> named().of("example.org"));
    }

    private static ReceiverAddresses named(String... addresses) {
        return new ReceiverAddresses(
                Reach.PUBLIC,
                _ -> {
                    InetAddress[] found = new InetAddress[addresses.length];
                    for (int i = 0; i < found.length; i++) {
                        found[i] = InetAddress.getByName(addresses[i]);
                    }
                    return found;
                });
    }

    /// What the JDK calls private of its own accord is among what is refused.
    @Property(tries = 2_000)
    void nothing_that_the_platform_calls_special_is_public(@ForAll @Size(4) byte[] bytes)
            throws UnknownHostException {
        InetAddress address = InetAddress.getByAddress(bytes);
        boolean isSpecial =
                address.isAnyLocalAddress()
                        || address.isLoopbackAddress()
                        || address.isLinkLocalAddress()
                        || address.isSiteLocalAddress()
                        || address.isMulticastAddress();
        assertThat(isSpecial && ReceiverAddresses.isPublic(address)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "https://example.org/events, true, true",
        "https://example.org, true, true",
        "https://example.org:8443/a?b=c, true, true",
        "HTTPS://example.org/a, true, true",
        "http://example.org/a, false, true",
        "ftp://example.org/a, false, false",
        "file:///etc/passwd, false, false",
        "//example.org/a, false, false",
        "https:example.org, false, false",
        "https://, false, false",
        "https://a_b.example/, false, false",
        "https://user:secret@example.org/, false, false",
        "https://example.org/a#b, false, false",
        "https://example.org:0/, false, false",
        "https://example.org:65536/, false, false",
        "'https://example.org/a b', false, false",
        "'', false, false"
    })
    void an_url_is_looked_through(String url, boolean isPublic, boolean isAnywhere) {
        assertThat(PUBLIC.fault(url).isEmpty()).isEqualTo(isPublic);
        assertThat(ReceiverAddresses.within(Reach.ANY).fault(url).isEmpty()).isEqualTo(isAnywhere);
    }

    @Test
    void an_url_has_a_bound() {
        assertThat(PUBLIC.fault("https://example.org/" + "a".repeat(2_000))).isPresent();
    }
}
