/* Requests as they are taken and end, and what is said of them. */

#include "fast.h"

#include <time.h>

static int
has(State *state, PyObject *self, int which, PyTypeObject *type)
{
    return SLOT(self, which) && Py_IS_TYPE(SLOT(self, which), type);
}

/* Whether a message is a request as most are, and this host can take it. */
static int
is_plain(State *state, PyObject *self, PyObject *message)
{
    PyObject *scope, *path, *method;
    if (!PyTuple_CheckExact(message) || PyTuple_GET_SIZE(message) != 5
        || !is_number(state, PyTuple_GET_ITEM(message, 0), REQUEST)
        || !has(state, self, H_EXCHANGES, &PyDict_Type) || !has(state, self, H_ASGI, &PyDict_Type)
        || !has(state, self, H_STATE, &PyDict_Type) || !SLOT(self, H_RECEIVE)
        || !is_a(state, SLOT(self, H_OUTLET), OUTLET))
        return 0;
    scope = PyTuple_GET_ITEM(message, 2);
    if (!PyDict_CheckExact(scope))
        return 0;
    path = PyDict_GetItemWithError(scope, state->names[N_PATH]);
    method = PyDict_GetItemWithError(scope, state->names[N_METHOD]);
    return path && PyUnicode_CheckExact(path) && method && PyUnicode_CheckExact(method);
}

static int
copy_into(State *state, PyObject *scope, int name, PyObject *dict)
{
    PyObject *copy = PyDict_Copy(dict);
    int set = copy ? PyDict_SetItem(scope, state->names[name], copy) : -1;
    Py_XDECREF(copy);
    return set;
}

/* Counts a request that is begun, in the outlet. */
static int
count(State *state, PyObject *outlet)
{
    long long before = PyLong_AsLongLong(SLOT(outlet, O_BEGUN));
    PyObject *begun = before == -1 ? NULL : PyLong_FromLongLong(before + 1);
    if (!begun)
        return -1;
    put(state, outlet, O_BEGUN, begun);
    return 0;
}

/* What `take()` returns for a plain request. */
static PyObject *
request(State *state, PyObject *self, PyObject *message)
{
    PyObject *number = PyTuple_GET_ITEM(message, 1), *scope = PyTuple_GET_ITEM(message, 2);
    PyObject *method = PyDict_GetItemWithError(scope, state->names[N_METHOD]);
    PyObject *exchange, *receive, *send, *taken = NULL;
    if (count(state, SLOT(self, H_OUTLET)) < 0)
        return NULL;
    set(state, self, H_IN_BATCH, Py_True);
    if (copy_into(state, scope, N_ASGI, SLOT(self, H_ASGI)) < 0
        || copy_into(state, scope, N_STATE, SLOT(self, H_STATE)) < 0)
        return NULL;
    exchange = new_exchange(state, self, number, is_name(state, method, N_HEAD),
                            PyTuple_GET_ITEM(message, 3), PyTuple_GET_ITEM(message, 4));
    if (!exchange)
        return NULL;
    receive = PyMethod_New(SLOT(self, H_RECEIVE), number);
    send = PyObject_GetAttr(exchange, state->names[N_SEND]);
    if (receive && send && PyDict_SetItem(SLOT(self, H_EXCHANGES), number, exchange) == 0)
        taken = PyTuple_Pack(4, number, scope, receive, send);
    Py_XDECREF(receive);
    Py_XDECREF(send);
    Py_DECREF(exchange);
    return taken;
}

static PyObject *
host_take(PyObject *self, PyObject *Py_UNUSED(nothing))
{
    State *state = state_of(self);
    PyObject *todo = SLOT(self, H_TODO), *message, *popped, *taken = NULL;
    message = todo && PyObject_Size(todo) > 0 ? PySequence_GetItem(todo, 0) : NULL;
    if (!message || !is_plain(state, self, message)) {
        Py_XDECREF(message);
        PyErr_Clear();
        return PyObject_CallOneArg(state->methods[TAKE], self);
    }
    popped = PyObject_CallMethodNoArgs(todo, state->names[N_POPLEFT]);
    if (popped)
        taken = request(state, self, message);
    if (!taken)
        give_up("there is no memory for a request");
    Py_XDECREF(popped);
    Py_DECREF(message);
    return taken;
}

/* The response to a request, if that is what was said last: then its app's end is a part of it. */
static PyObject *
said_last(State *state, PyObject *self, PyObject *number)
{
    PyObject *outlet = SLOT(self, H_OUTLET), *messages, *last;
    if (!is_a(state, outlet, OUTLET))
        return NULL;
    messages = SLOT(outlet, O_MESSAGES);
    if (!messages || !PyList_CheckExact(messages) || PyList_GET_SIZE(messages) == 0)
        return NULL;
    last = PyList_GET_ITEM(messages, PyList_GET_SIZE(messages) - 1);
    if (!PyList_CheckExact(last) || PyList_GET_SIZE(last) != 5
        || !is_number(state, PyList_GET_ITEM(last, 0), RESPONSE)
        || PyList_GET_ITEM(last, 1) != number)
        return NULL;
    return last;
}

static PyObject *
host_ended(PyObject *self, PyObject *const *arguments, Py_ssize_t count)
{
    State *state = state_of(self);
    PyObject *exchange, *last, *call[] = {self, NULL, NULL};
    if (count != 2) {
        PyErr_SetString(PyExc_TypeError, "ended() takes a number and a traceback");
        return NULL;
    }
    call[1] = arguments[0], call[2] = arguments[1];
    last = arguments[1] == Py_None && has(state, self, H_EXCHANGES, &PyDict_Type)
        ? said_last(state, self, arguments[0]) : NULL;
    exchange = last ? PyDict_GetItemWithError(SLOT(self, H_EXCHANGES), arguments[0]) : NULL;
    if (!is_a(state, exchange, EXCHANGE)) {
        PyErr_Clear();
        return PyObject_Vectorcall(state->methods[ENDED], call, 3, NULL);
    }
    set(state, exchange, X_OVER, Py_True);
    PyList_SetItem(last, 0, Py_NewRef(state->numbers[ANSWERED]));
    if (PyDict_DelItem(SLOT(self, H_EXCHANGES), arguments[0]) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static long long
nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Whether a message is one more of a batch that need not be handed over yet. */
static int
fits(State *state, PyObject *self, PyObject *messages)
{
    Py_ssize_t have = PyList_GET_SIZE(messages);
    PyObject *since;
    long long now = nanoseconds();
    if (have == 0) {
        since = SLOT(self, H_IN_BATCH) == Py_True ? PyLong_FromLongLong(now) : NULL;
        if (since)
            put(state, self, H_SINCE, since);
        return since != NULL;
    }
    return have + 1 < state->most_messages
        && now - PyLong_AsLongLong(SLOT(self, H_SINCE)) <= PyLong_AsLongLong(SLOT(self, H_SLICE))
        && PyLong_AsUnsignedLong(SLOT(self, H_THREAD)) == PyThread_get_thread_ident();
}

static PyObject *
host_add(PyObject *self, PyObject *message)
{
    State *state = state_of(self);
    PyObject *outlet = SLOT(self, H_OUTLET), *messages, *call[] = {self, message};
    messages = is_a(state, outlet, OUTLET) ? SLOT(outlet, O_MESSAGES) : NULL;
    if (messages && PyList_CheckExact(messages) && fits(state, self, messages)) {
        if (PyList_Append(messages, message) < 0)
            return NULL;
        Py_RETURN_NONE;
    }
    PyErr_Clear();
    return PyObject_Vectorcall(state->methods[ADD], call, 2, NULL);
}

static PyMethodDef host_methods[] = {
    {"take", host_take, METH_NOARGS, "take($self, /)\n--\n\nReturn the next piece of work."},
    {"ended", (PyCFunction)(void (*)(void))host_ended, METH_FASTCALL,
     "ended($self, number, traceback, /)\n--\n\nSay that the app returned or what it raised."},
    {"add", host_add, METH_O, "add($self, message, /)\n--\n\nSend a message, soon."},
    {NULL, NULL, 0, NULL}};

static PyType_Slot host_slots[] = {{Py_tp_methods, host_methods}, {0, NULL}};

PyType_Spec host_spec = {
    "spvn_bridge.remote._fast.Host", 0, 0, Py_TPFLAGS_DEFAULT, host_slots};
