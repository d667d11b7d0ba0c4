import { inject } from 'vitest';

// In a thread that is kept the mutant of the run before would be active until the first test, while modules load.
const stryker = globalThis[inject('globalNamespace')];
if (inject('mutantActivation') !== 'static') stryker.activeMutant = undefined;
