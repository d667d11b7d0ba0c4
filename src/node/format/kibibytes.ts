/** A file's size in whole kibibytes: `881 KiB`. */
export function formatKibibytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} KiB`;
}
