"""Reading a GeoJSON of boundaries: with a sentence for what does not fit."""

import json
from typing import Any

from django.utils.translation import gettext as _

MOST = 20_000_000  # bytes


class BoundaryError(ValueError):
    """The file cannot be used; the text says why in one sentence."""


def read_geojson(data: bytes, codes: set[str], *, property_name: str = "statcode") -> dict[str, list[Any]]:
    """Member code → polygons (polygons → rings → [longitude, latitude in degrees]).

    Features of members that are not ours are left out. Raises BoundaryError.
    """
    if len(data) > MOST:
        raise BoundaryError(_("The file is larger than 20 MB; use generalised boundaries."))
    try:
        collection = json.loads(data)
    except (ValueError, RecursionError):
        raise BoundaryError(_("This is not a GeoJSON file: it cannot be read as JSON.")) from None
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list):
        raise BoundaryError(_("This is not a GeoJSON FeatureCollection: there is no list of features."))
    found: dict[str, list[Any]] = {}
    for number, feature in enumerate(features, start=1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        code = properties.get(property_name) if isinstance(properties, dict) else None
        if not code:
            raise BoundaryError(
                _("Feature %(number)s has no property “%(name)s”.")
                % {"number": number, "name": property_name}
            )
        if code in codes:
            found[code] = _polygons(feature.get("geometry"), number)
    if not found:
        raise BoundaryError(
            _("None of the features has the code of a member in “%(name)s”.") % {"name": property_name}
        )
    return found


def _polygons(geometry: Any, number: int) -> list[Any]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise BoundaryError(_("Feature %(number)s is not a polygon.") % {"number": number})
    coordinates = geometry.get("coordinates")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    if not isinstance(polygons, list) or not all(
        isinstance(polygon, list) and polygon for polygon in polygons
    ):
        raise BoundaryError(_("Feature %(number)s has no rings.") % {"number": number})
    return [[[_point(point, number) for point in ring] for ring in polygon] for polygon in polygons]


def _point(point: Any, number: int) -> list[float]:
    try:
        longitude, latitude = float(point[0]), float(point[1])
    except (TypeError, ValueError, IndexError):
        raise BoundaryError(
            _("Feature %(number)s has a point that is not two numbers.") % {"number": number}
        ) from None
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise BoundaryError(
            _(
                "Feature %(number)s is not in degrees of longitude and latitude (WGS 84); convert the file first."
            )
            % {"number": number}
        )
    return [longitude, latitude]
