/* The module: what it knows of Python's, and its types. */

#include "fast.h"

#include <structmember.h>

#define RESPONSE_MODULE "spvn_bridge.remote.response"
#define HOST_MODULE "spvn_bridge.remote.host"
#define WIRE_MODULE "spvn_bridge.remote.wire"

typedef struct {
    const char *module, *name;
} Place;

static const Place classes[CLASSES] = {
    {RESPONSE_MODULE, "Exchange"}, {HOST_MODULE, "Host"}, {WIRE_MODULE, "Inlet"},
    {WIRE_MODULE, "Outlet"}, {RESPONSE_MODULE, "FieldCache"}, {RESPONSE_MODULE, "Fields"},
};

static const Place numbers[NUMBERS] = {
    {WIRE_MODULE, "REQUEST"}, {WIRE_MODULE, "RESPONSE"}, {WIRE_MODULE, "ANSWERED"},
    {RESPONSE_MODULE, "AWAITING_START"}, {RESPONSE_MODULE, "STARTED"},
    {RESPONSE_MODULE, "COMPLETE"}, {RESPONSE_MODULE, "ASKED"}, {RESPONSE_MODULE, "NO_LENGTH"},
    {RESPONSE_MODULE, "LARGE"}, {HOST_MODULE, "MOST_MESSAGES"}, {WIRE_MODULE, "VERSION"},
};

static const struct {
    int class;
    const char *name;
} slots[SLOTS] = {
    {EXCHANGE, "number"}, {EXCHANGE, "events"}, {EXCHANGE, "state"}, {EXCHANGE, "asked"},
    {EXCHANGE, "gone"}, {EXCHANGE, "full"}, {EXCHANGE, "over"}, {EXCHANGE, "_start"},
    {EXCHANGE, "_length"}, {EXCHANGE, "_room"}, {EXCHANGE, "_post"}, {EXCHANGE, "_silent"},
    {HOST, "_todo"}, {HOST, "_outlet"}, {HOST, "_exchanges"}, {HOST, "_asgi"}, {HOST, "_state"},
    {HOST, "_in_batch"}, {HOST, "_since"}, {HOST, "_slice"}, {HOST, "_thread"},
    {HOST, "_receive"}, {OUTLET, "begun"}, {OUTLET, "messages"}, {OUTLET, "_told"},
    {OUTLET, "_chunks"}, {OUTLET, "_loop"}, {OUTLET, "_lock"},
    {OUTLET, "_descriptor"}, {CACHE, "_known"}, {FIELDS, "block"},
    {FIELDS, "length"}, {INLET, "listens"}, {INLET, "_buffer"}, {INLET, "_have"},
    {INLET, "_waits"}, {INLET, "_todo"},
};

static const char *const names[NAMES] = {
    "type", "http.response.body", "http.response.start", "status", "headers", "body", "more_body",
    "asgi", "state", "path", "method", "HEAD", "cache", "sent", "add", "send", "popleft",
    "acquire", "release", "_write", "extend", "_came", "message",
};

static const struct {
    int class;
    const char *name;
} methods[METHODS] = {{EXCHANGE, "send"}, {HOST, "take"}, {HOST, "ended"}, {HOST, "add"},
                      {INLET, "hush"}, {OUTLET, "flush"}};

void
give_up(const char *reason)
{
    PyObject *wire, *nothing = NULL;
    if (!PyErr_ExceptionMatches(PyExc_MemoryError))
        return;
    PyErr_Clear();
    wire = PyImport_ImportModule(WIRE_MODULE);
    if (wire)
        nothing = PyObject_CallMethod(wire, "give_up", "s", reason);
    Py_XDECREF(nothing);
    Py_XDECREF(wire);
}

static PyObject *
of_module(const Place *place)
{
    PyObject *module = PyImport_ImportModule(place->module), *found = NULL;
    if (module)
        found = PyObject_GetAttrString(module, place->name);
    Py_XDECREF(module);
    return found;
}

/* Learns where a slot is in its objects. */
static int
find_slot(State *state, int which)
{
    PyObject *found = PyObject_GetAttrString(state->classes[slots[which].class], slots[which].name);
    if (!found)
        return -1;
    if (!Py_IS_TYPE(found, &PyMemberDescr_Type)) {
        PyErr_Format(PyExc_ImportError, "%s is no slot", slots[which].name);
        Py_DECREF(found);
        return -1;
    }
    state->at[which] = ((PyMemberDescrObject *)found)->d_member->offset;
    Py_DECREF(found);
    return 0;
}

static int
find_all(State *state)
{
    int each;
    for (each = 0; each < CLASSES; each++)
        if (!(state->classes[each] = of_module(&classes[each])))
            return -1;
    for (each = 0; each < NUMBERS; each++)
        if (!(state->numbers[each] = of_module(&numbers[each])))
            return -1;
    for (each = 0; each < NAMES; each++)
        if (!(state->names[each] = PyUnicode_InternFromString(names[each])))
            return -1;
    for (each = 0; each < METHODS; each++)
        if (!(state->methods[each] = PyObject_GetAttrString(state->classes[methods[each].class],
                                                            methods[each].name)))
            return -1;
    for (each = 0; each < SLOTS; each++)
        if (find_slot(state, each) < 0)
            return -1;
    state->large = PyLong_AsLongLong(state->numbers[LARGE]);
    state->most_messages = PyLong_AsLongLong(state->numbers[MOST_MESSAGES]);
    state->version = (int)PyLong_AsLong(state->numbers[VERSION]);
    return PyErr_Occurred() ? -1 : 0;
}

/* Makes a type and adds it to the module. */
static PyObject *
add_type(PyObject *module, PyType_Spec *spec, int class, const char *name)
{
    State *state = PyModule_GetState(module);
    PyObject *type = PyType_FromModuleAndSpec(module, spec, state->classes[class]);
    if (type && PyModule_AddObjectRef(module, name, type) < 0)
        Py_CLEAR(type);
    return type;
}

/* Makes the types; where Python makes exchanges for a host, they are of the type here. */
static int
make_types(PyObject *module)
{
    State *state = PyModule_GetState(module);
    PyObject *host, *inlet, *outlet;
    int failed = -1;
    state->exchange = add_type(module, &exchange_spec, EXCHANGE, "Exchange");
    host = state->exchange ? add_type(module, &host_spec, HOST, "Host") : NULL;
    inlet = host ? add_type(module, &inlet_spec, INLET, "Inlet") : NULL;
    outlet = inlet ? add_type(module, &outlet_spec, OUTLET, "Outlet") : NULL;
    if (outlet)
        failed = PyObject_SetAttrString(host, "exchange", state->exchange);
    Py_XDECREF(outlet);
    Py_XDECREF(inlet);
    Py_XDECREF(host);
    return failed;
}

static int
fast_exec(PyObject *module)
{
    State *state = PyModule_GetState(module);
    PyObject *nothing, *options;
    if (find_all(state) < 0 || make_types(module) < 0)
        return -1;
    nothing = Py_BuildValue("(iO)", 0, Py_None);
    options = Py_BuildValue("{sO}", "silent", Py_False);
    if (nothing && options)
        state->pattern = PyObject_Call(state->classes[EXCHANGE], nothing, options);
    Py_XDECREF(options);
    Py_XDECREF(nothing);
    return state->pattern ? 0 : -1;
}

/* All references of the state are one after the other, from its start to `at`. */
static int
fast_traverse(PyObject *module, visitproc visit, void *arg)
{
    PyObject **each = PyModule_GetState(module);
    PyObject **end = (PyObject **)((State *)PyModule_GetState(module))->at;
    for (; each < end; each++)
        Py_VISIT(*each);
    return 0;
}

static int
fast_clear(PyObject *module)
{
    PyObject **each = PyModule_GetState(module);
    PyObject **end = (PyObject **)((State *)PyModule_GetState(module))->at;
    for (; each < end; each++)
        Py_CLEAR(*each);
    return 0;
}

static void
fast_free(void *module)
{
    fast_clear(module);
}

static PyModuleDef_Slot fast_slots[] = {{Py_mod_exec, fast_exec}, {0, NULL}};
static PyModuleDef fast_module = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "_fast",
    .m_doc = "The plain path of a worker process's requests.",
    .m_size = sizeof(State),
    .m_slots = fast_slots,
    .m_traverse = fast_traverse,
    .m_clear = fast_clear,
    .m_free = fast_free,
};

PyMODINIT_FUNC
PyInit__fast(void)
{
    return PyModuleDef_Init(&fast_module);
}
