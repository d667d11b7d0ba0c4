/** Why a runtime cannot be had on this machine; what asked for it can go on without. */
export class RuntimeMissing extends Error {}
