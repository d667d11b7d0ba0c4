import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf, UserError } from '../../core/errors.js';
import { answerRequest } from './answer-request.js';
import type { FileTable } from './file-table.js';
import { securityHeaders } from './security-headers.js';

export interface ServerOptions {
  readonly files: FileTable;
  /** Default `127.0.0.1`: this machine alone. */
  readonly host?: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** See `securityHeaders`. */
  readonly isIsolated?: boolean;
}

export interface RunningServer {
  /** Ends with `/`. */
  readonly url: string;
  close(): Promise<void>;
}

export const LOOPBACK = '127.0.0.1';
const LOOPBACK_NAMES = [LOOPBACK, 'localhost', '[::1]'];
const ANY_HOST = new Set(['0.0.0.0', '::']);

/**
 * Serves a table of files.
 *
 * @throws UserError if the address cannot be listened on, as where the port is in use.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { files, host = LOOPBACK, port, isIsolated = false } = options;
  const name = host.includes(':') ? `[${host}]` : host;
  const answering = {
    files,
    headers: securityHeaders(isIsolated),
    hosts: ANY_HOST.has(host) ? undefined : new Set([...LOOPBACK_NAMES, name.toLowerCase()]),
  };
  const server = createServer((request, response) => {
    // What fails once the answer has begun is a connection that broke.
    answerRequest(request, response, answering).catch(() => response.destroy());
  });
  await listen(server, host, port);
  const { port: used } = server.address() as AddressInfo;
  return {
    url: `http://${ANY_HOST.has(host) ? 'localhost' : name}:${used}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(explain(error, host, port)));
    server.listen(port, host, resolve);
  });
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): UserError {
  const free = 'Choose another with --port; 0 takes any that is free.';
  const here = 'Give --host an address of this machine; 127.0.0.1 is reached from this machine alone.';
  const reasons: Record<string, [reason: string, hint: string]> = {
    EADDRINUSE: [`port ${port} on ${host} is in use`, free],
    EACCES: [`port ${port} on ${host} needs rights that you do not have`, free],
    EADDRNOTAVAIL: [`${host} is no address of this machine`, here],
    ENOTFOUND: [`the host ${host} is not known`, here],
    EAI_AGAIN: [`the host ${host} is not known`, here],
  };
  const [reason, hint] = reasons[error.code ?? ''] ?? [`cannot serve on ${host}: ${messageOf(error)}`, here];
  return new UserError(reason, { hint, cause: error });
}
