// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.RecordComponent;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.Version;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;
import tools.jackson.databind.module.SimpleModule;

/// What values from outside must be, beyond what Jackson asks of them: a component that is not
/// `@Nullable` is there and not `null`, a text is whole characters, a time is a text in ISO 8601,
/// of a year that calendars have: a view that counts in milliseconds could not take any other.
final class StrictModule extends SimpleModule {

    private static final long serialVersionUID = 1L;

    StrictModule() {
        super("strict");
        addDeserializer(String.class, new Text());
        addDeserializer(Instant.class, new Time());
        addDeserializer(Duration.class, new Span());
        addSerializer(NextSteps.Step.class, new StepAccess.Serializer());
    }

    @Override
    public void setupModule(SetupContext context) {
        super.setupModule(context);
        context.insertAnnotationIntrospector(new Components());
    }

    /// A text without half characters, which no store and no other system would take.
    private static final class Text extends StdScalarDeserializer<String> {
        Text() {
            super(String.class);
        }

        @Override
        public @Nullable String deserialize(JsonParser parser, DeserializationContext context) {
            String text = _parseString(parser, context, this);
            if (text != null && hasHalfCharacter(text)) {
                throw new IllegalArgumentException("half a character: an unpaired surrogate");
            }
            return text;
        }

        private static boolean hasHalfCharacter(String text) {
            for (int i = 0; i < text.length(); i++) {
                char one = text.charAt(i);
                if (Character.isSurrogate(one)) {
                    boolean isPair =
                            i + 1 < text.length()
                                    && Character.isSurrogatePair(one, text.charAt(i + 1));
                    if (!isPair) {
                        return true;
                    }
                    i++;
                }
            }
            return false;
        }
    }

    private static final class Time extends StdScalarDeserializer<Instant> {
        Time() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context) {
            if (!parser.hasToken(JsonToken.VALUE_STRING)) {
                throw new IllegalArgumentException(ExpectedValue.TIME);
            }
            Instant time;
            try {
                time = Instant.parse(parser.getString());
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(ExpectedValue.TIME, e);
            }
            if (!Query.isTime(time)) {
                throw new IllegalArgumentException(ExpectedValue.TIME);
            }
            return time;
        }
    }

    /// Jackson would take a number for seconds, and one that is beyond all of them for none.
    private static final class Span extends StdScalarDeserializer<Duration> {
        Span() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(JsonParser parser, DeserializationContext context) {
            try {
                if (parser.hasToken(JsonToken.VALUE_STRING)) {
                    return Duration.parse(parser.getString());
                }
            } catch (DateTimeException _) {
                // refused below, with what is no text
            }
            throw new IllegalArgumentException(ExpectedValue.of(Duration.class));
        }
    }

    /// Tells which components of a record must be there, and that it is made of all of them:
    /// Jackson would take a constructor of one value for what makes a record of that value alone,
    /// and a body `true` for a command.
    private static final class Components extends NopAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public Version version() {
            return Version.unknownVersion();
        }

        @Override
        public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
            return isNeeded(member) ? Boolean.TRUE : null;
        }

        @Override
        public JsonSetter.Value findSetterInfo(MapperConfig<?> config, Annotated member) {
            return isNeeded(member)
                    ? JsonSetter.Value.forValueNulls(Nulls.FAIL)
                    : JsonSetter.Value.empty();
        }

        @Override
        public JsonCreator.@Nullable Mode findCreatorAnnotation(
                MapperConfig<?> config, Annotated creator) {
            boolean isOther =
                    creator.getAnnotated() instanceof Executable executable
                            && executable.getDeclaringClass().isRecord()
                            && !isCanonical(executable)
                            && !executable.isAnnotationPresent(JsonCreator.class);
            return isOther ? JsonCreator.Mode.DISABLED : null;
        }

        private static boolean isCanonical(Executable executable) {
            Class<?>[] components =
                    Arrays.stream(executable.getDeclaringClass().getRecordComponents())
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new);
            return executable instanceof Constructor<?>
                    && Arrays.equals(executable.getParameterTypes(), components);
        }

        private static boolean isNeeded(Annotated member) {
            if (!(member instanceof AnnotatedParameter parameter)
                    || !(parameter.getOwner().getMember() instanceof Constructor<?> constructor)
                    || !constructor.getDeclaringClass().isRecord()) {
                return false;
            }
            AnnotatedType type = constructor.getAnnotatedParameterTypes()[parameter.getIndex()];
            return !type.isAnnotationPresent(Nullable.class);
        }
    }
}
