"""Build the page with no server: `python -m workshop.site` writes it to dist/site/.

Needs the extra [site]. The parts:

- lite: JupyterLab and Python for the reader's browser, with the lessons and the wheels that they need;
- reading: each lesson as a page that was run here and can be read without any program;
- landing: the first page, and the page that shows what is loading.
"""
