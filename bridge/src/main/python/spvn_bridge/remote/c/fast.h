/*
 * What a worker process does for each request, as machine code: the plain path only.
 *
 * Types derive from the classes of Python that hold all the rules, and replace their busiest
 * methods. Each looks whether a call is of the common kind before it changes anything; where it is
 * not, the method of Python does all of it, errors included. So nothing is decided here that is
 * not decided there, and a process without this module serves the same, only slower.
 *
 * The attributes of those classes are slots. This module reads and writes them in place, at the
 * offsets that the classes tell; where one is not there, it does not load. Numbers are Python's.
 * All of it runs on the loop's thread, but for `add` and `flush`, which any may call, with the GIL.
 */

#ifndef SPVN_FAST_H
#define SPVN_FAST_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* Each is in the order of a table of `module.c`. */
enum { EXCHANGE, HOST, INLET, OUTLET, CACHE, FIELDS, CLASSES };

enum {
    REQUEST, RESPONSE, ANSWERED, AWAITING_START, STARTED, COMPLETE, ASKED, NO_LENGTH, LARGE,
    MOST_MESSAGES, VERSION, NUMBERS
};

/* The slots of an exchange come first. */
enum {
    X_NUMBER, X_EVENTS, X_STATE, X_ASKED, X_GONE, X_FULL, X_OVER, X_START, X_LENGTH, X_ROOM, X_POST,
    X_SILENT, X_END, H_TODO = X_END, H_OUTLET, H_EXCHANGES, H_ASGI, H_STATE, H_IN_BATCH, H_SINCE,
    H_SLICE, H_THREAD, H_RECEIVE, O_BEGUN, O_MESSAGES, O_TOLD, O_CHUNKS, O_LOOP, O_LOCK,
    O_DESCRIPTOR, C_KNOWN, F_BLOCK, F_LENGTH, I_LISTENS,
    I_BUFFER, I_HAVE, I_WAITS, I_TODO, SLOTS
};

enum {
    N_TYPE, N_BODY_EVENT, N_START_EVENT, N_STATUS, N_HEADERS, N_BODY, N_MORE, N_ASGI, N_STATE,
    N_PATH, N_METHOD, N_HEAD, N_CACHE, N_SENT, N_ADD, N_SEND, N_POPLEFT, N_ACQUIRE,
    N_RELEASE, N_WRITE, N_EXTEND, N_CAME, N_MESSAGE, NAMES
};

/* The methods of Python that are replaced. */
enum { SEND, TAKE, ENDED, ADD, HUSH, FLUSH, METHODS };

typedef struct {
    PyObject *classes[CLASSES], *numbers[NUMBERS], *names[NAMES], *methods[METHODS];
    PyObject *exchange; /* the type here */
    PyObject *pattern;  /* an exchange as it begins */
    Py_ssize_t at[SLOTS];
    long long large, most_messages;
    int version;
} State;

/* The types are final, so that theirs is the type of each `self`. */
static inline State *
state_of(PyObject *self)
{
    return (State *)PyType_GetModuleState(Py_TYPE(self));
}

#define SLOT(object, which) (*(PyObject **)((char *)(object) + state->at[which]))

/* Sets a slot; takes the reference. */
static inline void
put(State *state, PyObject *object, int which, PyObject *value)
{
    PyObject *old = SLOT(object, which);
    SLOT(object, which) = value;
    Py_XDECREF(old);
}

static inline void
set(State *state, PyObject *object, int which, PyObject *value)
{
    put(state, object, which, Py_NewRef(value));
}

static inline int
is_a(State *state, PyObject *object, int class)
{
    return object && PyObject_TypeCheck(object, (PyTypeObject *)state->classes[class]);
}

static inline int
is_number(State *state, PyObject *object, int which)
{
    PyObject *number = state->numbers[which];
    return object == number
        || (object && PyLong_CheckExact(object)
            && PyObject_RichCompareBool(object, number, Py_EQ) == 1);
}

static inline int
is_name(State *state, PyObject *object, int which)
{
    PyObject *name = state->names[which];
    return object == name
        || (PyUnicode_CheckExact(object)
            && PyUnicode_GET_LENGTH(object) == PyUnicode_GET_LENGTH(name)
            && PyUnicode_Compare(object, name) == 0);
}

/* A new reference to a dict's item, or NULL, which may be an error. */
static inline PyObject *
item(State *state, PyObject *dict, int which)
{
    return Py_XNewRef(PyDict_GetItemWithError(dict, state->names[which]));
}

/* Does what Python does for want of memory, if that is the error: it ends the process. */
void give_up(const char *reason);

/* An exchange as it begins, for a request to a host; `body` may be None. */
PyObject *new_exchange(State *state, PyObject *host, PyObject *number, int silent, PyObject *body,
                       PyObject *more);

extern PyType_Spec exchange_spec, host_spec, inlet_spec, outlet_spec;

#endif
