// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.pekko;

import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;
import static org.apache.pekko.http.javadsl.server.PathMatchers.uuidSegment;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.http.javadsl.marshallers.jackson.Jackson;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.Location;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.ExceptionHandler;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.pattern.StatusReply;

/// The three paths.
final class OrderRoutes extends AllDirectives {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .addModule(new JavaTimeModule())
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build();

    private final ClusterSharding sharding;
    private final Catalogue catalogue;
    private final InstantSource clock;

    OrderRoutes(ClusterSharding sharding, Catalogue catalogue, InstantSource clock) {
        this.sharding = sharding;
        this.catalogue = catalogue;
        this.clock = clock;
    }

    Route all() {
        return handleExceptions(
                failures(),
                () ->
                        concat(
                                path("orders", () -> post(this::place)),
                                path(segment("orders").slash(uuidSegment()), this::find),
                                path(segment("products").slash(segment()), this::list)));
    }

    private Route list(String sku) {
        return put(
                () ->
                        entity(
                                Jackson.unmarshaller(JSON, Product.class),
                                product -> {
                                    catalogue.put(sku, product);
                                    return completeOK(product, Jackson.marshaller(JSON));
                                }));
    }

    private Route place() {
        return entity(
                Jackson.unmarshaller(JSON, PlaceOrder.class),
                request -> {
                    String id = UUID.randomUUID().toString();
                    OrderEntity.Created created = created(request);
                    CompletionStage<Order> placed =
                            order(id)
                                    .askWithStatus(
                                            replyTo -> new OrderEntity.Create(created, replyTo),
                                            PATIENCE);
                    return onSuccess(
                            placed,
                            order ->
                                    complete(
                                            StatusCodes.CREATED,
                                            List.of(Location.create("/orders/" + id)),
                                            order,
                                            Jackson.marshaller(JSON)));
                });
    }

    private OrderEntity.Created created(PlaceOrder request) {
        List<PricedLine> lines = catalogue.price(request);
        return new OrderEntity.Created(
                request.customerId(),
                request.email(),
                lines,
                request.shipping(),
                request.payment(),
                Totals.of(lines, request.currency()),
                clock.instant());
    }

    private Route find(UUID id) {
        return get(
                () -> {
                    CompletionStage<Order> found =
                            order(id.toString()).askWithStatus(OrderEntity.Find::new, PATIENCE);
                    return onSuccess(found, order -> completeOK(order, Jackson.marshaller(JSON)));
                });
    }

    private EntityRef<OrderEntity.Command> order(String id) {
        return sharding.entityRefFor(OrderEntity.KEY, id);
    }

    private ExceptionHandler failures() {
        return ExceptionHandler.newBuilder()
                .match(CannotBeOrdered.class, e -> complete(StatusCodes.CONFLICT, e.getMessage()))
                .match(
                        StatusReply.ErrorMessage.class,
                        e -> complete(StatusCodes.NOT_FOUND, e.getMessage()))
                .match(
                        TimeoutException.class,
                        _ -> complete(StatusCodes.SERVICE_UNAVAILABLE, "no answer in time"))
                .build();
    }
}
