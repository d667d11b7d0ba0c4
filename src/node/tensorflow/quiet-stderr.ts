import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** Lies beside a binding that setup has built. */
export const QUIET_STDERR_FILE = 'quiet_stderr.node';

/**
 * While TensorFlow's library is loaded, it logs lines that no setting silences, before it reads any. Node
 * cannot redirect its own stderr; this addon can.
 */
export const QUIET_STDERR_SOURCE = `#include <fcntl.h>
#include <node_api.h>
#include <unistd.h>

static int saved = -1;

static napi_value Mute(napi_env, napi_callback_info) {
  int null_device = open("/dev/null", O_WRONLY);
  if (saved >= 0 || null_device < 0) return nullptr;
  saved = dup(STDERR_FILENO);
  if (saved >= 0) dup2(null_device, STDERR_FILENO);
  close(null_device);
  return nullptr;
}

static napi_value Restore(napi_env, napi_callback_info) {
  if (saved < 0) return nullptr;
  dup2(saved, STDERR_FILENO);
  close(saved);
  saved = -1;
  return nullptr;
}

NAPI_MODULE_INIT() {
  napi_value mute, restore;
  napi_create_function(env, "mute", NAPI_AUTO_LENGTH, Mute, nullptr, &mute);
  napi_create_function(env, "restore", NAPI_AUTO_LENGTH, Restore, nullptr, &restore);
  napi_set_named_property(env, exports, "mute", mute);
  napi_set_named_property(env, exports, "restore", restore);
  return exports;
}
`;

/** Runs `work` with the process's stderr thrown away, where the addon lies beside the binding. */
export function withQuietStderr<T>(bindingPath: string, work: () => T): T {
  const path = join(dirname(bindingPath), QUIET_STDERR_FILE);
  // Whoever set a level of logging wants to read it.
  if (!existsSync(path) || Number(process.env.TF_CPP_MIN_LOG_LEVEL) < 2) return work();
  const addon = require(path) as { mute(): void; restore(): void };
  addon.mute();
  try {
    return work();
  } finally {
    addon.restore();
  }
}
