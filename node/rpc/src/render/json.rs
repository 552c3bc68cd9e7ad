//! JSON values as protobuf values, which are the same thing with other names.

use prost_types::value::Kind;
use prost_types::{ListValue, Struct, Value};

/// The protobuf form of a JSON value.
pub(crate) fn to_proto(value: serde_json::Value) -> Value {
    use serde_json::Value as Json;
    let kind = match value {
        Json::Null => Kind::NullValue(prost_types::NullValue::NullValue as i32),
        Json::Bool(value) => Kind::BoolValue(value),
        // Numbers that a double can't hold exactly come as strings from the
        // renderer, so nothing is lost here.
        Json::Number(number) => Kind::NumberValue(number.as_f64().unwrap_or(f64::NAN)),
        Json::String(value) => Kind::StringValue(value),
        Json::Array(values) => Kind::ListValue(ListValue {
            values: values.into_iter().map(to_proto).collect(),
        }),
        Json::Object(fields) => Kind::StructValue(Struct {
            fields: fields
                .into_iter()
                .map(|(name, value)| (name, to_proto(value)))
                .collect(),
        }),
    };
    Value { kind: Some(kind) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_kind_of_value_converts() {
        let proto = to_proto(json!({
            "null": null, "yes": true, "small": 7, "wide": "18446744073709551615",
            "list": [1, "two", {"three": 3}],
        }));
        let Some(Kind::StructValue(fields)) = proto.kind else {
            panic!("an object becomes a struct");
        };
        let kind = |name: &str| fields.fields[name].kind.clone().expect("a kind");
        assert_eq!(kind("null"), Kind::NullValue(0));
        assert_eq!(kind("yes"), Kind::BoolValue(true));
        assert_eq!(kind("small"), Kind::NumberValue(7.0));
        assert_eq!(
            kind("wide"),
            Kind::StringValue("18446744073709551615".into())
        );
        let Kind::ListValue(list) = kind("list") else {
            panic!("an array becomes a list");
        };
        assert_eq!(list.values.len(), 3);
    }
}
