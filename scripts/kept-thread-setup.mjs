import { inject } from 'vitest';

// In a thread that is kept, the mutant of the run before would be active until the first test, while modules load,
// and what counts how often it is reached, to end endless loops, would count on.
const stryker = globalThis[inject('globalNamespace')];
stryker.hitCount = undefined;
if (inject('mutantActivation') !== 'static') stryker.activeMutant = undefined;
