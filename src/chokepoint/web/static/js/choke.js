// A slider says its figure while it moves; the board asks when it rests.
for (const slider of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('.ask input[type="range"]'))) {
  const told = document.querySelector(`output[for="${slider.id}"]`);
  slider.addEventListener("input", () => {
    if (told) told.textContent = new Intl.NumberFormat(`${document.documentElement.lang}-u-nu-latn`).format(slider.valueAsNumber);
  });
}
