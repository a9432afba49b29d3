"""Documents: a month's bulletin as docx and pdf, its workbook, and each unit's own sheet."""
