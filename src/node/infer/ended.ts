/** What the reading of images throws, in any thread, once it was told to end. */
export const ENDED = 'the reading of images was ended';
