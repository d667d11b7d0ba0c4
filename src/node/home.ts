import { homedir, tmpdir } from 'node:os';

// A user without a home folder (a container's `--user 1234`) has none in $HOME nor in the list of users, and
// asking for it throws, as env-paths does while it is imported: this module comes first.
try {
  homedir();
} catch {
  process.env.HOME = tmpdir();
}
