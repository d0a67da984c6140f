"""A page of Streamlit: a button that counts; what it counts is with the page's session."""

import streamlit

pressed = streamlit.session_state.get("pressed", 0)
if streamlit.button("press", key="press"):
    pressed += 1
streamlit.session_state["pressed"] = pressed
streamlit.write(f"pressed {pressed}")
