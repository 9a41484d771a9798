// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.runtime.Microsystems;
import org.junit.jupiter.api.Test;

/// Commands go between nodes by their simple names.
class CommandTypesTest {

    record Moved() {}

    sealed interface Command {
        sealed interface Step extends Command {}

        sealed interface Undoable extends Command {}

        record Forward(int steps) implements Step, Undoable {}

        record Undo(Undoable what) implements Command {}
    }

    sealed interface Doubled {
        sealed interface One extends Doubled {
            record Turn() implements One {}
        }

        sealed interface Other extends Doubled {
            record Turn() implements Other {}
        }
    }

    private static <C> Microsystems taking(Class<C> commands) {
        return Microsystems.of(
                Microsystem.named("walks")
                        .with(
                                Aggregate.named("walk")
                                        .taking(commands)
                                        .startingAs(0)
                                        .deciding((_, _) -> Decision.accept(new Moved()))
                                        .evolving((steps, _) -> steps + 1)
                                        .event("moved", Moved.class)));
    }

    @Test
    void a_command_of_two_families_is_one_command() {
        CommandTypes types = new CommandTypes(taking(Command.class));
        assertThat(types.find("walk", "Forward")).isEqualTo(Command.Forward.class);
        assertThat(types.find("walk", "Undo")).isEqualTo(Command.Undo.class);
        assertThat(types.find("walk", "Step")).isNull();
    }

    @Test
    void a_command_in_a_command_comes_to_another_node_as_it_was() {
        var json = new EventCodec(taking(Command.class)).json();
        Command.Undo undo = new Command.Undo(new Command.Forward(3));
        assertThat(json.readValue(json.writeValueAsBytes(undo), Command.Undo.class))
                .isEqualTo(undo);
    }

    @Test
    void two_commands_of_one_name_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CommandTypes(taking(Doubled.class)))
                .withMessage("two commands of one aggregate are called Turn");
    }
}
