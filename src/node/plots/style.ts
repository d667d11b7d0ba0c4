/** The one look of all pictures: colours that stay apart for colour-blind readers (after Okabe and Ito). */
export const style = {
  font: 'Inter, sans-serif',
  text: '#1f2933',
  muted: '#616e7c',
  line: '#d5dae1',
  background: '#ffffff',
  training: '#7b8794',
  validation: '#0072b2',
  test: '#d55e00',
  right: '#0072b2',
  wrong: '#d55e00',
} as const;

/** Pictures are drawn at this many pixels a unit, to be sharp on dense screens. */
export const PIXEL_RATIO = 2;
