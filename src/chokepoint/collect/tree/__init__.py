"""Trees of hostile text: JSON, XML and YAML read within limits, with the place of every part and defect."""

from chokepoint.collect.tree.decode import LONGEST, decode
from chokepoint.collect.tree.json_tree import escape, json_keys, read_json
from chokepoint.collect.tree.records import Record, Records, peek_records, read_records
from chokepoint.collect.tree.xml_tree import read_xml
from chokepoint.collect.tree.yaml_tree import Mapping, read_yaml

__all__ = [
    "LONGEST",
    "Mapping",
    "Record",
    "Records",
    "decode",
    "escape",
    "json_keys",
    "peek_records",
    "read_json",
    "read_records",
    "read_xml",
    "read_yaml",
]
