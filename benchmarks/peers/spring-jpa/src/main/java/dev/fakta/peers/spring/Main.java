// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.spring;

import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/// `--port P --jdbc-url URL`: serves on loopback, on a free port when P is 0, prints one line
/// `ready http://127.0.0.1:PORT`, and stops on SIGTERM after the requests at hand.
@SpringBootApplication(proxyBeanMethods = false)
public class Main {

    public static void main(String[] args) {
        Options options;
        try {
            options = Options.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        System.out.println("ready http://127.0.0.1:" + port(start(options)));
    }

    static ConfigurableApplicationContext start(Options options) {
        SpringApplication application = new SpringApplication(Main.class);
        application.setDefaultProperties(
                Map.of("server.port", options.port(), "jdbc-url", options.jdbcUrl()));
        return application.run();
    }

    static int port(ConfigurableApplicationContext context) {
        WebServer server = ((WebServerApplicationContext) context).getWebServer();
        return Objects.requireNonNull(server, "it has not started").getPort();
    }

    @Bean
    InstantSource clock() {
        return InstantSource.system();
    }
}
