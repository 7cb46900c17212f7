package io.skein.compare;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/// Spring Cloud Gateway with one route and its defaults. Arguments: port, endpoint's port.
@SpringBootApplication(proxyBeanMethods = false)
public class Gateway {
  @Bean
  RouteLocator routes(RouteLocatorBuilder builder, Environment environment) {
    String endpoint = "http://127.0.0.1:" + environment.getRequiredProperty("endpoint");
    return builder.routes().route("all", each -> each.path("/**").uri(endpoint)).build();
  }

  public static void main(String[] args) {
    SpringApplication application = new SpringApplication(Gateway.class);
    application.setDefaultProperties(
        Map.of(
            "server.port", args[0],
            "server.address", "127.0.0.1",
            "server.http2.enabled", "true",
            "endpoint", args[1],
            "spring.main.banner-mode", "off",
            "logging.level.root", "warn"));
    application.run();
  }
}
