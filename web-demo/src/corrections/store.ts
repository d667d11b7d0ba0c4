import { UserError } from '../../../src/core/errors.js';
import { MNIST_PIXELS } from '../../../src/core/image.js';
import { texts } from '../texts.js';

/** A digit that was drawn, with what it was meant to be. */
export interface Correction {
  readonly id: string;
  readonly label: string;
  /** What the network read. */
  readonly read: string;
  /** [28, 28] uint8, as the network got it: 0 background, 255 ink. */
  readonly pixels: Uint8Array;
}

const KEY = 'mnist-onnx:corrections';

type Stored = Omit<Correction, 'pixels'> & { readonly pixels: string };

/** The corrections kept in this browser, oldest first; what another program damaged is left out. */
export function listCorrections(): Correction[] {
  return readStored().map((each) => ({ ...each, pixels: fromBase64(each.pixels) }));
}

/**
 * Keeps one more, in place of an earlier one of the same drawing.
 *
 * @throws UserError if the browser keeps no more, or nothing at all.
 */
export function addCorrection(correction: Omit<Correction, 'id'>): void {
  const stored = { ...correction, id: newId(), pixels: toBase64(correction.pixels) };
  writeStored([...readStored().filter(({ pixels }) => pixels !== stored.pixels), stored]);
}

/** @throws UserError if the browser keeps nothing. */
export function removeCorrection(id: string): void {
  writeStored(readStored().filter((each) => each.id !== id));
}

/** @throws UserError if the browser keeps nothing. */
export function removeAllCorrections(): void {
  writeStored([]);
}

/** Calls back when another tab of this page changes the corrections. */
export function watchCorrections(onChange: () => void): void {
  window.addEventListener('storage', ({ key }) => {
    if (key === KEY || key === null) onChange();
  });
}

// Read at every call, so that two tabs do not overwrite each other's.
function readStored(): Stored[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(list) ? list.filter(isStored) : [];
  } catch {
    return [];
  }
}

function writeStored(list: readonly Stored[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(list));
  } catch (cause) {
    const isFull = cause instanceof DOMException && cause.name === 'QuotaExceededError';
    const { storageFull, storageFullHint, storageOff, storageOffHint } = texts.errors;
    throw new UserError(isFull ? storageFull : storageOff, {
      hint: isFull ? storageFullHint : storageOffHint,
      cause,
    });
  }
}

/** In the order of time; `crypto.randomUUID` is only there on https. */
function newId(): string {
  return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
}

function isStored(value: unknown): value is Stored {
  const { id, label, read, pixels } = (value ?? {}) as Record<string, unknown>;
  if (![id, label, read, pixels].every((text) => typeof text === 'string')) return false;
  return /^[A-Za-z0-9+/]*=*$/.test(pixels as string) && atob(pixels as string).length === MNIST_PIXELS;
}

function toBase64(pixels: Uint8Array): string {
  return btoa(String.fromCharCode(...pixels));
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
