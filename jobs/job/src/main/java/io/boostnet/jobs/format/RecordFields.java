package io.boostnet.jobs.format;

/**
 * The fields of one record, whatever it is made of. A getter returns null where the record has no
 * such field, or null there.
 */
interface RecordFields {

  /** A text. */
  String text(String pointer) throws FieldException;

  /** A whole number. */
  Long number(String pointer) throws FieldException;

  /** A time: milliseconds since the Unix epoch, or what the record's format has for times. */
  Long timeMs(String pointer) throws FieldException;

  /** Bytes. */
  byte[] bytes(String pointer) throws FieldException;

  /** Anything, as JSON text. */
  String json(String pointer) throws FieldException;

  /** A field holds another kind of value than is needed. */
  final class FieldException extends Exception {

    private static final long serialVersionUID = 1;

    /** A sentence: which field, and what is needed. No stack trace: bad input is ordinary. */
    FieldException(String pointer, String needed) {
      super("the field " + pointer + " is not " + needed, null, false, false);
    }
  }
}
