"""What a reader sees of a plan or another analysis: pictures, a page, a workbook, Word, files.

`analyses` holds what each analysis says, as a document; `document.folder.write_report` writes one;
`figures` draws single pictures for a notebook.
"""
