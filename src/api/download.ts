/** Lets the browser keep a table of something, named by what it is and the day. */
export function download(file: Blob, what: string) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = `${what}-${new Date().toISOString().slice(0, 10)}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
}
