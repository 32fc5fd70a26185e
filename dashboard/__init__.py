"""The Streamlit app: what an analyst sees, decides and leaves behind."""
