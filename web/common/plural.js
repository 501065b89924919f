/*
 * plural.js: numbers in sentences.
 */

// A sentence of a catalogue that has a form for each sort of numbers.
export function plural(forms, n, lang) {
  let form;
  try {
    form = new Intl.PluralRules(lang).select(n);
  } catch { /* a language that this browser does not know */ }
  return (forms[form] || forms.other).replace('{count}', n);
}
