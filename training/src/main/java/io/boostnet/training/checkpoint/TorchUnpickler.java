package io.boostnet.training.checkpoint;

import io.boostnet.training.checkpoint.StoredTensor.Storage;
import io.boostnet.training.input.BadInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;

/**
 * Reads the pickle of a PyTorch checkpoint. A pickle is a program; this one may build numbers,
 * text, lists, dictionaries and tensors. Any other class, and any operation that {@code torch.save}
 * does not write, is refused by name before it does anything.
 */
final class TorchUnpickler extends Unpickler {

  private static final Map<String, ElementFormat> STORAGES =
      Map.ofEntries(
          Map.entry("torch.DoubleStorage", ElementFormat.F64),
          Map.entry("torch.FloatStorage", ElementFormat.F32),
          Map.entry("torch.HalfStorage", ElementFormat.F16),
          Map.entry("torch.BFloat16Storage", ElementFormat.BF16),
          Map.entry("torch.LongStorage", ElementFormat.I64),
          Map.entry("torch.IntStorage", ElementFormat.I32),
          Map.entry("torch.ShortStorage", ElementFormat.I16),
          Map.entry("torch.CharStorage", ElementFormat.I8),
          Map.entry("torch.ByteStorage", ElementFormat.U8),
          Map.entry("torch.BoolStorage", ElementFormat.BOOL));

  private static final Map<String, IObjectConstructor> FUNCTIONS =
      Map.of(
          "collections.OrderedDict", TorchUnpickler::orderedDict,
          "torch._utils._rebuild_tensor_v2", TorchUnpickler::rebuildTensor,
          "torch._utils._rebuild_parameter", arguments -> arguments[0]);

  private static final String PLAIN_OPERATIONS =
      new String(
          new char[] {
            Opcodes.PROTO,
            Opcodes.STOP,
            Opcodes.MARK,
            Opcodes.POP,
            Opcodes.NONE,
            Opcodes.NEWTRUE,
            Opcodes.NEWFALSE,
            Opcodes.BININT,
            Opcodes.BININT1,
            Opcodes.BININT2,
            Opcodes.LONG1,
            Opcodes.BINFLOAT,
            Opcodes.SHORT_BINSTRING,
            Opcodes.EMPTY_LIST,
            Opcodes.APPEND,
            Opcodes.APPENDS,
            Opcodes.EMPTY_DICT,
            Opcodes.EMPTY_TUPLE,
            Opcodes.TUPLE,
            Opcodes.TUPLE1,
            Opcodes.TUPLE2,
            Opcodes.TUPLE3,
            Opcodes.BINGET,
            Opcodes.LONG_BINGET,
            Opcodes.BINPUT,
            Opcodes.LONG_BINPUT,
            Opcodes.BINPERSID,
            Opcodes.REDUCE
          });

  /** Reads the one object of a pickle: a map, list, text, number or {@link StoredTensor}. */
  static Object read(byte[] pickle) throws IOException {
    try {
      return new TorchUnpickler().load(new ByteArrayInputStream(pickle));
    } catch (BadInputException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      // Whatever a damaged program of stack operations runs into: an empty stack, a wrong type, an
      // end too early.
      throw new IOException("its pickle is damaged: " + e, e);
    }
  }

  @Override
  protected Object dispatch(short operation) throws IOException {
    switch (operation) {
      case Opcodes.GLOBAL ->
          stack.add(resolve(PickleUtils.readline(input), PickleUtils.readline(input)));
      case Opcodes.BUILD ->
          stack.pop(); // State of an OrderedDict: the modules' versions, not needed.
      case Opcodes.BINUNICODE, Opcodes.BINSTRING -> {
        requireBytes();
        return super.dispatch(operation);
      }
      case Opcodes.SETITEM -> {
        Object value = stack.pop();
        put(stack.pop(), value, dictionary());
      }
      case Opcodes.SETITEMS -> {
        List<Object> items = stack.pop_all_since_marker();
        for (int i = 0; i < items.size(); i += 2) {
          put(items.get(i), items.get(i + 1), dictionary());
        }
      }
      default -> {
        if (PLAIN_OPERATIONS.indexOf(operation) < 0) {
          throw BadInputException.of(
              "operation 0x%02x in the pickle is not one that torch.save writes for tensors: refused",
              operation);
        }
        return super.dispatch(operation);
      }
    }
    return NO_RETURN_VALUE;
  }

  @SuppressWarnings("unchecked")
  private Map<Object, Object> dictionary() {
    return (Map<Object, Object>) stack.peek();
  }

  /** The hash of a key of lists within lists takes a time that doubles with each. */
  private static void put(Object key, Object value, Map<Object, Object> dictionary) {
    if (!(key instanceof String || key instanceof Number)) {
      throw BadInputException.of("a key of a dictionary in its pickle is neither text nor number");
    }
    dictionary.put(key, value);
  }

  /** The length that follows is allocated before it is read: it must not be more than there is. */
  private void requireBytes() throws IOException {
    input.mark(4);
    int length = PickleUtils.bytes_to_integer(PickleUtils.readbytes(input, 4));
    if (length < 0 || length > input.available()) {
      throw new IOException("a text in its pickle is longer than the pickle");
    }
    input.reset();
  }

  private static Object resolve(String module, String name) {
    String qualified = module + "." + name;
    IObjectConstructor function = FUNCTIONS.get(qualified);
    if (function != null) {
      return function;
    }
    ElementFormat storage = STORAGES.get(qualified);
    if (storage != null) {
      return storage;
    }
    throw BadInputException.of(
        "its pickle asks for %s; only tensors and dictionaries are read, any other class is refused",
        qualified);
  }

  /** ("storage", type, key, location, number of elements) */
  @Override
  protected Object persistentLoad(Object id) {
    Object[] parts = (Object[]) id;
    if (!"storage".equals(parts[0])) {
      throw BadInputException.of("its pickle asks for a %s where only storages are read", parts[0]);
    }
    return new Storage(
        (ElementFormat) parts[1], (String) parts[2], ((Number) parts[4]).longValue());
  }

  /** (storage, offset, size, stride, requires_grad, hooks) */
  private static Object rebuildTensor(Object[] arguments) {
    return new StoredTensor(
        (Storage) arguments[0],
        ((Number) arguments[1]).longValue(),
        longs(arguments[2]),
        longs(arguments[3]));
  }

  private static List<Long> longs(Object tuple) {
    return Arrays.stream((Object[]) tuple).map(number -> ((Number) number).longValue()).toList();
  }

  private static Object orderedDict(Object[] arguments) {
    Map<Object, Object> dictionary = new LinkedHashMap<>();
    if (arguments.length > 0) {
      for (Object pair : new ArrayList<Object>((List<?>) arguments[0])) {
        Object[] items = pair instanceof List<?> list ? list.toArray() : (Object[]) pair;
        put(items[0], items[1], dictionary);
      }
    }
    return dictionary;
  }
}
