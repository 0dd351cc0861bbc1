// Countries of the world (Natural Earth 1:110m) and the projection they are drawn in.
import { geoCentroid, geoGraticule10, geoNaturalEarth1, geoPath } from "d3-geo";
import { feature } from "topojson-client";
import topology from "world-atlas/countries-110m.json";

export const countries = feature(topology, topology.objects.countries).features;
export { geoCentroid, geoGraticule10, geoNaturalEarth1, geoPath };
