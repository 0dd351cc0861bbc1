// A loop drawn around things selects them.
import { inside } from "./geometry.js";
import { colours } from "./theme.js";

export class Lasso {
  /** @param {import("./view.js").View} view @param {import("./select.js").Selection} selection */
  constructor(view, selection) {
    this.view = view;
    this.selection = selection;
    /** @type {{x: number, y: number}[]} */
    this.points = [];
    this.active = false;
    view.over = (context) => this.draw(context);
  }

  /** @param {number} x @param {number} y in screen pixels */
  start(x, y) {
    this.active = true;
    this.points = [{ x, y }];
  }

  /** @param {number} x @param {number} y */
  move(x, y) {
    const last = this.points[this.points.length - 1];
    if (Math.hypot(x - last.x, y - last.y) < 3) return;
    this.points.push({ x, y });
    this.view.redraw();
  }

  /** @param {boolean} more besides what is selected */
  end(more) {
    this.active = false;
    const loop = this.points.map(({ x, y }) => this.view.toMap(x, y));
    this.points = [];
    if (loop.length > 2) {
      const found = this.view.model.shown().spots.filter((one) => inside(one, loop));
      this.selection.set(found.map((one) => one.id), more);
    }
    this.view.again();
  }

  /** @param {CanvasRenderingContext2D} context */
  draw(context) {
    if (this.points.length < 2) return;
    context.beginPath();
    this.points.forEach((one, at) => (at ? context.lineTo(one.x, one.y) : context.moveTo(one.x, one.y)));
    context.closePath();
    context.globalAlpha = 0.12;
    context.fillStyle = context.strokeStyle = colours.accent;
    context.fill();
    context.globalAlpha = 1;
    context.lineWidth = 1.5;
    context.setLineDash([4, 3]);
    context.stroke();
    context.setLineDash([]);
  }
}
