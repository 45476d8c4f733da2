package io.cadastre.contracts.events;

/** Something that happened; other teams read these. */
public sealed interface Event extends Message permits ScanEvent, MetadataChanged {}
