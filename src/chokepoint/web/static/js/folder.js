// What was dropped, folders taken apart: a browser hands over a folder as one thing that cannot be read.

/** @typedef {{file: File, path: string}} Found a file and where it lies in what was dropped */

/**
 * All files in what was dropped, in the order of their paths.
 * @param {Iterable<FileSystemEntry>} entries
 * @returns {Promise<Found[]>}
 */
export async function filesOf(entries) {
  const found = /** @type {Found[]} */ ([]);
  for (const one of entries) found.push(...(await inside(one)));
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** @param {FileSystemEntry} entry @returns {Promise<Found[]>} */
async function inside(entry) {
  const path = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) return [{ file: await opened(/** @type {FileSystemFileEntry} */ (entry)), path }];
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  const found = /** @type {Found[]} */ ([]);
  for (let some = await read(reader); some.length; some = await read(reader)) found.push(...(await filesOf(some))); // a hundred at a time
  return found;
}

/** @param {FileSystemFileEntry} entry @returns {Promise<File>} */
const opened = (entry) => new Promise((done, broken) => entry.file(done, broken));

/** @param {FileSystemDirectoryReader} reader @returns {Promise<FileSystemEntry[]>} */
const read = (reader) => new Promise((done, broken) => reader.readEntries(done, broken));
