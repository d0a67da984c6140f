/* One request: `send()`. */

#include "fast.h"

/* The fields that were checked before, or NULL, which may be an error. */
static PyObject *
known_fields(State *state, PyObject *post, PyObject *headers)
{
    PyObject *pairs, *cache, *fields = NULL;
    if (PyList_CheckExact(headers))
        pairs = PyList_AsTuple(headers);
    else if (PyTuple_CheckExact(headers))
        pairs = Py_NewRef(headers);
    else
        return NULL;
    cache = pairs ? PyObject_GetAttr(post, state->names[N_CACHE]) : NULL;
    if (is_a(state, cache, CACHE) && SLOT(cache, C_KNOWN))
        fields = Py_XNewRef(PyDict_GetItemWithError(SLOT(cache, C_KNOWN), pairs));
    Py_XDECREF(cache);
    Py_XDECREF(pairs);
    return fields;
}

/* Whether an exchange has come so far, and what is sent now goes out. */
static int
is_at(State *state, PyObject *self, int point)
{
    return is_number(state, SLOT(self, X_STATE), point) && SLOT(self, X_GONE) == Py_False
        && SLOT(self, X_OVER) == Py_False;
}

/* Begins a response with known fields. NULL: nothing was done, perhaps by an error. */
static PyObject *
begin(State *state, PyObject *self, PyObject *status, PyObject *headers)
{
    PyObject *post = SLOT(self, X_POST), *fields, *length, *start, *sent = NULL;
    long number = PyLong_AsLong(status);
    if (!post || number < 200 || number > 599 || number == 204 || number == 304)
        return NULL; /* it has no body, or is wrong */
    fields = known_fields(state, post, headers);
    if (!fields)
        return NULL;
    length = SLOT(fields, F_LENGTH);
    if (is_at(state, self, AWAITING_START)
        && (length == state->numbers[NO_LENGTH] || PyLong_AsLongLong(length) >= 0)) {
        start = PyTuple_Pack(2, status, fields);
        sent = start ? PyObject_GetAttr(post, state->names[N_SENT]) : NULL;
        if (sent) {
            if (length != state->numbers[NO_LENGTH] && SLOT(self, X_SILENT) == Py_False)
                set(state, self, X_LENGTH, length);
            set(state, self, X_START, start);
            set(state, self, X_STATE, state->numbers[STARTED]);
        }
        Py_XDECREF(start);
    }
    Py_DECREF(fields);
    return sent;
}

/* A start that says more than a status and headers may tell of trailers. */
static PyObject *
send_start(State *state, PyObject *self, PyObject *message)
{
    PyObject *status = item(state, message, N_STATUS);
    PyObject *headers = item(state, message, N_HEADERS), *sent = NULL;
    if (status && headers && PyDict_GET_SIZE(message) == 3 && PyLong_CheckExact(status))
        sent = begin(state, self, status, headers);
    Py_XDECREF(status);
    Py_XDECREF(headers);
    return sent;
}

/* Whether an exchange may be completed by this body, the length that was declared included. */
static int
may_complete(State *state, PyObject *self, PyObject *body)
{
    PyObject *start = SLOT(self, X_START), *length = SLOT(self, X_LENGTH);
    Py_ssize_t size = PyBytes_GET_SIZE(body);
    return is_at(state, self, STARTED) && start && PyTuple_CheckExact(start)
        && size <= state->large && length && size <= PyLong_AsLongLong(length);
}

/* [RESPONSE, number, status, fields, body] */
static PyObject *
response(State *state, PyObject *self, PyObject *body)
{
    PyObject *start = SLOT(self, X_START), *message = PyList_New(5);
    if (message) {
        PyList_SET_ITEM(message, 0, Py_NewRef(state->numbers[RESPONSE]));
        PyList_SET_ITEM(message, 1, Py_NewRef(SLOT(self, X_NUMBER)));
        PyList_SET_ITEM(message, 2, Py_NewRef(PyTuple_GET_ITEM(start, 0)));
        PyList_SET_ITEM(message, 3, Py_NewRef(SLOT(PyTuple_GET_ITEM(start, 1), F_BLOCK)));
        PyList_SET_ITEM(message, 4, Py_NewRef(body));
    }
    return message;
}

/* Sends a whole response. NULL: nothing was done, perhaps by an error, unless `done` says so. */
static PyObject *
complete(State *state, PyObject *self, PyObject *body, int *done)
{
    PyObject *post = SLOT(self, X_POST), *sent, *message, *added = NULL;
    if (!post || !may_complete(state, self, body))
        return NULL;
    sent = PyObject_GetAttr(post, state->names[N_SENT]);
    message = sent ? response(state, self, body) : NULL;
    if (message) {
        *done = 1;
        set(state, self, X_STATE, state->numbers[COMPLETE]);
        set(state, self, X_START, Py_None);
        added = PyObject_CallMethodOneArg(post, state->names[N_ADD], message);
        Py_DECREF(message);
    }
    if (!added)
        Py_CLEAR(sent);
    Py_XDECREF(added);
    return sent;
}

static PyObject *
send_body(State *state, PyObject *self, PyObject *message, int *done)
{
    PyObject *body = item(state, message, N_BODY);
    PyObject *more = item(state, message, N_MORE), *sent = NULL;
    if (body && PyBytes_CheckExact(body) && (more ? more == Py_False : !PyErr_Occurred()))
        sent = complete(state, self, body, done);
    Py_XDECREF(body);
    Py_XDECREF(more);
    return sent;
}

/* Whether a call has its one argument by name; if not, that is an error. */
static int
is_by_name(State *state, Py_ssize_t count, PyObject *keywords)
{
    if (count == 0 && keywords && PyTuple_GET_SIZE(keywords) == 1
        && is_name(state, PyTuple_GET_ITEM(keywords, 0), N_MESSAGE))
        return 1;
    PyErr_SetString(PyExc_TypeError, "send() takes one argument: message");
    return 0;
}

static PyObject *
exchange_send(PyObject *self, PyObject *const *arguments, Py_ssize_t count, PyObject *keywords)
{
    State *state = state_of(self);
    PyObject *message, *kind, *sent = NULL, *call[] = {self, NULL};
    int done = 0;
    if ((count != 1 || keywords) && !is_by_name(state, count, keywords))
        return NULL;
    message = call[1] = arguments[0]; /* what is given by name stands behind the others */
    if (PyDict_CheckExact(message)) {
        kind = item(state, message, N_TYPE);
        if (kind && is_name(state, kind, N_BODY_EVENT))
            sent = send_body(state, self, message, &done);
        else if (kind && is_name(state, kind, N_START_EVENT))
            sent = send_start(state, self, message);
        Py_XDECREF(kind);
    }
    if (sent || done)
        return sent;
    PyErr_Clear(); /* such as that a header cannot be hashed; Python comes across it again */
    return PyObject_Vectorcall(state->methods[SEND], call, 2, NULL);
}

PyObject *
new_exchange(State *state, PyObject *host, PyObject *number, int silent, PyObject *body,
             PyObject *more)
{
    PyTypeObject *type = (PyTypeObject *)state->exchange;
    PyObject *made = type->tp_alloc(type, 0), *events = PyList_New(0), *event;
    int which, failed = !made || !events;
    if (!failed && body != Py_None) {
        event = PyTuple_Pack(2, body, more);
        failed = !event || PyList_Append(events, event) < 0;
        Py_XDECREF(event);
    }
    if (failed) {
        Py_XDECREF(made);
        Py_XDECREF(events);
        return NULL;
    }
    for (which = 0; which < X_END; which++)
        set(state, made, which, SLOT(state->pattern, which));
    set(state, made, X_NUMBER, number);
    put(state, made, X_EVENTS, events);
    set(state, made, X_POST, host);
    set(state, made, X_SILENT, silent ? Py_True : Py_False);
    if (body == Py_None)
        set(state, made, X_ASKED, state->numbers[ASKED]); /* the first event comes unasked */
    return made;
}

static PyMethodDef exchange_methods[] = {
    {"send", (PyCFunction)(void (*)(void))exchange_send, METH_FASTCALL | METH_KEYWORDS,
     "send($self, message)\n--\n\nDo what the app's `send()` does."},
    {NULL, NULL, 0, NULL}};

static PyType_Slot exchange_slots[] = {{Py_tp_methods, exchange_methods}, {0, NULL}};

PyType_Spec exchange_spec = {
    "spvn_bridge.remote._fast.Exchange", 0, 0, Py_TPFLAGS_DEFAULT, exchange_slots};
