// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Reaction;
import dev.fakta.domain.Rejection;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaInput.Happened;
import dev.fakta.domain.SagaInput.Woken;
import dev.fakta.domain.Send;
import dev.fakta.domain.Step;
import dev.fakta.runtime.Reply;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// A kettle that is switched on, and that a saga switches off.
class CalmWorldTest {

    private static final Duration BOILING = Duration.ofMinutes(3);

    record Switch(boolean on) {}

    record Switched(boolean on) {}

    record Kettle(boolean isOn) {}

    /// The saga has no facts of its own.
    record NoFact() {}

    enum Refusal implements Rejection {
        NOTHING_TO_SWITCH
    }

    private static final Aggregate<Switch, Switched, Kettle> KETTLE =
            Aggregate.named("kettle")
                    .taking(Switch.class)
                    .startingAs(new Kettle(false))
                    .<Switched>deciding(
                            (Kettle kettle, Switch command) ->
                                    kettle.isOn() == command.on()
                                            ? Decision.reject(Refusal.NOTHING_TO_SWITCH)
                                            : Decision.accept(new Switched(command.on())))
                    .evolving((Kettle _, Switched switched) -> new Kettle(switched.on()))
                    .event("kettle-switched", Switched.class);

    private static final Saga<NoFact, Kettle> GUARD =
            Saga.named("guard")
                    .startingAs(new Kettle(false))
                    .<NoFact>reacting(
                            (_, input, _) ->
                                    switch (input) {
                                        case Happened(Switched(boolean on), _) when on ->
                                                Reaction.<NoFact>nothing().wake("boiled", BOILING);
                                        case Woken _ -> Reaction.<NoFact>nothing().run("off");
                                        default -> Reaction.nothing();
                                    })
                    .evolving((Kettle kettle, NoFact _) -> kettle)
                    .event("guard-no-fact", NoFact.class)
                    .on(Switched.class, (_, at) -> at.id())
                    .step(
                            Step.<Kettle>named("off")
                                    .doing((_, _) -> Send.to(KETTLE, "k", new Switch(false))));

    private final CalmWorld kitchen =
            CalmWorld.of(Microsystem.named("kitchen").with(KETTLE).with(GUARD));

    private boolean isOn() {
        return kitchen.state(KETTLE, "k").isOn();
    }

    @Test
    void a_command_is_followed_by_all_that_sagas_make_of_it_at_once() {
        assertThat(kitchen.send(KETTLE, "k", new Switch(true))).isInstanceOf(Reply.Accepted.class);
        assertThat(kitchen.instances(GUARD)).containsOnlyKeys("k");
        assertThat(kitchen.instances(GUARD).get("k").timers()).containsOnlyKeys("boiled");
    }

    @Test
    void what_waits_for_a_time_happens_when_that_has_passed_and_no_earlier() {
        Instant start = kitchen.now();
        kitchen.send(KETTLE, "k", new Switch(true));
        kitchen.pass(BOILING.minusSeconds(1));
        assertThat(isOn()).isTrue();
        kitchen.pass(Duration.ofSeconds(1));
        assertThat(isOn()).isFalse();
        assertThat(kitchen.now()).isEqualTo(start.plus(BOILING));
        assertThat(kitchen.events(KETTLE, "k"))
                .containsExactly(new Switched(true), new Switched(false));
    }

    @Test
    void a_refusal_is_the_answer() {
        assertThat(kitchen.send(KETTLE, "k", new Switch(false))).isInstanceOf(Reply.Rejected.class);
    }
}
