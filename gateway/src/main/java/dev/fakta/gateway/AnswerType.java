// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What a route answers, as the program's own code says it: the return type of the method that a
/// route was given, as in `OrderJson::of`. Nobody writes it a second time, and the compiler keeps
/// it true.
///
/// A method reference forgets its method's signature when it becomes an object, unless it is
/// serializable: then it can say which method it is. It is asked for that once and never
/// serialized.
final class AnswerType {

    private AnswerType() {}

    /// The return type; `Object` of what is not a method reference, a lambda expression for one.
    static Type of(Serializable methodReference) {
        try {
            Method writeReplace = methodReference.getClass().getDeclaredMethod("writeReplace");
            writeReplace.setAccessible(true);
            return writeReplace.invoke(methodReference) instanceof SerializedLambda lambda
                    ? returned(lambda, methodReference.getClass().getClassLoader())
                    : Object.class;
        } catch (ReflectiveOperationException | RuntimeException _) {
            return Object.class; // a class of its own, or of a module that is closed to this one
        }
    }

    private static Type returned(SerializedLambda lambda, @Nullable ClassLoader loader)
            throws ClassNotFoundException {
        Class<?> type = Class.forName(lambda.getImplClass().replace('/', '.'), false, loader);
        return Arrays.stream(type.getDeclaredMethods())
                .filter(one -> one.getName().equals(lambda.getImplMethodName()))
                .filter(one -> signature(one).equals(lambda.getImplMethodSignature()))
                .filter(one -> !one.isSynthetic())
                .map(Method::getGenericReturnType)
                .findFirst()
                .orElse(Object.class);
    }

    private static String signature(Method method) {
        StringBuilder text = new StringBuilder("(");
        for (Class<?> parameter : method.getParameterTypes()) {
            text.append(parameter.descriptorString());
        }
        return text.append(')').append(method.getReturnType().descriptorString()).toString();
    }

    /// The type of the items, when what is answered is a [Page]; `null` when it is not.
    static @Nullable Type item(Type answer) {
        return answer instanceof ParameterizedType page && page.getRawType() == Page.class
                ? page.getActualTypeArguments()[0]
                : null;
    }

    /// A [Page] of items of this type.
    static Type page(Class<?> item) {
        return new PageOf(item);
    }

    private record PageOf(Class<?> item) implements ParameterizedType {
        @Override
        public Type[] getActualTypeArguments() {
            return new Type[] {item};
        }

        @Override
        public Type getRawType() {
            return Page.class;
        }

        @Override
        public @Nullable Type getOwnerType() {
            return null;
        }
    }
}
